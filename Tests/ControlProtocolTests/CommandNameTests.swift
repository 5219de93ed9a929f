import ArgumentParser
import Testing

@testable import zooctl

struct CommandNameTests {
    @Test func `every command says its name itself, so that none is found by reflection at each start`() {
        func unnamed(in command: any ParsableCommand.Type) -> [String] {
            let own = command.configuration.commandName == nil ? ["\(command)"] : []
            return own + command.configuration.subcommands.flatMap(unnamed)
        }
        #expect(unnamed(in: Zooctl.self).isEmpty)
    }
}
