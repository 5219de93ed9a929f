import ControlProtocol
import Foundation
import Testing

struct ErrorCodeTests {
    @Test func `the exit codes are those that scripts know`() {
        let promised: [(ErrorCode, Int32)] = [
            (.failed, 1), (.usage, 2), (.badRequest, 2), (.someFailed, 3), (.noSuchModel, 4), (.notReachable, 5), (.notPermitted, 6),
            (.socketRefused, 6), (.verificationFailed, 7), (.conflict, 8), (.held, 8), (.secretFound, 8), (.noSpace, 9), (.network, 10),
            (.hostRefused, 10), (.rateLimited, 10), (.timedOut, 11), (.invalidInfo, 12), (.interrupted, 130),
        ]
        for (code, exit) in promised { #expect(code.exitStatus.rawValue == exit, "\(code)") }
        #expect(ExitStatus.allCases.map(\.rawValue) == Array(0...12) + [130])
    }

    @Test func `the HTTP statuses are those that fit`() {
        let promised: [(ErrorCode, Int)] = [
            (.badRequest, 400), (.notPermitted, 403), (.noSuchModel, 404), (.methodNotAllowed, 405), (.conflict, 409), (.tooLarge, 413),
            (.invalidInfo, 422), (.tooManyRequests, 429), (.internal, 500), (.noSpace, 507),
        ]
        for (code, status) in promised { #expect(code.httpStatus == status, "\(code)") }
        for code in ErrorCode.allCases {
            #expect((400...599).contains(code.httpStatus), "\(code)")
            #expect(code.exitStatus != .done, "\(code)")
        }
    }

    @Test func `codes are words in kebab-case`() {
        for code in ErrorCode.allCases {
            #expect(code.rawValue.wholeMatch(of: /[a-z]+(-[a-z]+)*/) != nil, "\(code.rawValue)")
        }
    }

    @Test func `the code of a newer daemon reads as failed`() throws {
        let text = #"{"error":{"code":"out-of-cheese","message":"m","hint":"h","details":{}}}"#
        #expect(try ControlCoding.decode(ErrorEnvelope.self, from: Array(text.utf8)).error == ControlError(.failed, "m", hint: "h"))
    }
}
