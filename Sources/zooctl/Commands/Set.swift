import ArgumentParser

struct Set: AsyncParsableCommand {
    @OptionGroup var global: GlobalOptions
}
