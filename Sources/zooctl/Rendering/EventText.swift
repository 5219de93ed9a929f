import ControlProtocol
import FoundationEssentials
import SystemIO

/// One event as one line: number, time, kind, model, message.
struct EventText {
    let event: EventRecord
    let style: Style
    let showsModel: Bool

    init(_ event: EventRecord, _ style: Style, showsModel: Bool = true) {
        (self.event, self.style, self.showsModel) = (event, style, showsModel)
    }

    var text: String {
        let wall = LocalTime(secondsSince1970: Int64(event.time.timeIntervalSince1970))
        let time = wall.map { "\($0.description.prefix(10)) \($0.clock)" } ?? "?"
        let model = showsModel ? event.model.map { style.painted(printable($0), .bold) + ": " } ?? "" : ""
        let who = event.uid.map { " (uid \($0))" } ?? ""
        return "\(style.painted("\(event.seq)", .dim))  \(time)  \(printable(event.kind))  \(model)\(printable(event.message))\(who)\n"
    }
}
