import ArgumentParser

struct Lint: AsyncParsableCommand {
    @OptionGroup var global: GlobalOptions
}
