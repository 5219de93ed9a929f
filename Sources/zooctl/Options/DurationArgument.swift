import ArgumentParser

/// `90s`, `15m`, `6h` or `30d`, as in the configuration.
struct DurationArgument: ExpressibleByArgument {
    let seconds: Int

    init?(argument: String) {
        let factors: [Character: Int] = ["s": 1, "m": 60, "h": 3600, "d": 86400]
        guard let unit = argument.last, let factor = factors[unit], let count = Int(argument.dropLast()),
            (0...36500 * 86400 / factor).contains(count)
        else { return nil }
        seconds = count * factor
    }
}
