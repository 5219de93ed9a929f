import ArgumentParser
import ControlProtocol
import FoundationEssentials

/// What every command takes.
struct GlobalOptions: ParsableArguments {
    @Flag(help: "Print one JSON document instead of text.")
    var json = false

    @Option(help: ArgumentHelp("The daemon's socket.", valueName: "path"))
    var socket: String?

    @Option(help: "Colour: auto (on a terminal, unless NO_COLOR is set), always or never.")
    var color: Style.Color = .auto

    var client: ControlClient {
        ControlClient(SocketPlaces(named: socket, environment: ProcessInfo.processInfo.environment))
    }

    var output: Output {
        Output(isJSON: json, style: Style(color, environment: ProcessInfo.processInfo.environment))
    }
}

/// What every command takes that starts work.
struct JobOptions: ParsableArguments {
    @Flag(name: .customLong("no-wait"), help: "Print the job and return at once.")
    var returnsAtOnce = false
}
