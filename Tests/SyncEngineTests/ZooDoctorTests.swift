import ControlProtocol
import Dispatch
import Foundation
import ModelInfo
import SystemIO
import Testing
import ZooTestSupport

@testable import SyncEngine

@Suite struct ZooDoctorTests {
    @Test func `a zoo that hangs is told of after a few seconds, and keeps no other's answer waiting`() async throws {
        try await withTemporaryDirectory { directory in
            var zoos: [Zoo] = []
            for name in ["hanging", "healthy"] {
                var configuration = ZooConfiguration(path: directory.appending(name))
                configuration.givenName = try ZooName(configured: name)
                try FileManager.default.createDirectory(atPath: configuration.path.string, withIntermediateDirectories: true)
                zoos.append(try Zoo.open(configuration))
            }
            let clock = ManualClock()
            let release = DispatchSemaphore(value: 0)
            let looks = Shared(0)
            let doctor = ZooDoctor(zoos: zoos, clock: clock) { zoo, _, _ in
                // As a call into a dead file server: the thread comes back only when it does.
                if zoo.name == "hanging" {
                    looks.change { $0 += 1 }
                    release.wait()
                }
                return [DoctorCheck("zoo", .ok, "\(zoo.name) is well")]
            }
            // However often it is asked: the questions do not pile up, and the other zoo is looked at each time.
            for asked in 1...6 {
                let report = Task { await doctor.checks(floor: .size(.gibibytes(1)), models: []) }
                // Beyond so many nothing is waited for.
                if asked <= 4 {
                    try await eventually("only the hanging one has a deadline") { clock.alarms.count == 1 }
                    clock.advance(by: ZooDoctor.patience)
                }
                let checks = await report.value
                #expect(checks.map(\.status) == [.error, .ok], "\(checks)")
                #expect(checks[0].text.contains("zoo hanging") && checks[0].text.contains("does not answer"))
                #expect(checks[0].hint == "look at the mount: findmnt --target \(directory.appending("hanging"))")
            }
            #expect(looks.value == 1)
            for _ in 0..<1000 { release.signal() }
            try await eventually("the zoo answers again") {
                let checks = await doctor.checks(floor: .size(.gibibytes(1)), models: [])
                return checks.map(\.status) == [.ok, .ok]
            }
        }
    }
}
