import ControlProtocol
import Foundation
import ModelInfo
import Planning
import Testing

@testable import SyncEngine

struct JobReportTests {
    private func error(_ failed: Int, of count: Int) -> ControlError? {
        let members = (1...count).map { number in
            StoredJob.Member(
                model: ModelID(zoo: "zoo", path: try! RelativePath("m\(number)")), state: number <= failed ? .failed : .done,
                failure: number <= failed ? .verificationFailed : nil, note: number <= failed ? "it rotted" : nil,
                hint: number <= failed ? "zooctl repair m\(number)" : nil)
        }
        let job = StoredJob(
            id: 7, kind: .verify, requestedAt: Date(timeIntervalSince1970: 0), uid: 0, state: failed > 0 ? .failed : .done,
            finishedAt: Date(timeIntervalSince1970: 1), members: members)
        return JobReport(job, model: nil, nil, mayCancel: false).error
    }

    @Test func `of a job on many models those that failed are named, a few of them, and where the others are`() {
        let one = error(1, of: 19)
        #expect(one?.message == "1 of 19 failed: m1; it rotted" && one?.hint == "zooctl repair m1")
        let few = error(3, of: 19)
        #expect(few?.message == "3 of 19 failed: m1, m2, m3; m1: it rotted" && few?.hint == "zooctl status -x lists them")
        #expect(error(7, of: 19)?.message == "7 of 19 failed: m1, m2, m3, m4, m5 and 2 more; m1: it rotted")
        #expect(error(0, of: 19) == nil)
    }
}
