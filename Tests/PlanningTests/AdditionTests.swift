import Foundation
import ModelInfo
import Testing

@testable import Planning

struct AdditionTests {
    private func view(_ disk: DiskView = .absent, _ change: (inout ModelView) -> Void = { _ in }) -> ModelView {
        var view = ModelView(
            id: model("new"), disk: disk, goals: [Goal(id: 7, kind: .add(AddWish(gist: localID, by: 1000)), requestedAt: ago(1))])
        change(&view)
        return view
    }

    private func judged(_ view: ModelView, _ policy: Policy = Policy()) -> (actions: [Action], progress: GoalProgress) {
        let plan = plan(view, policy: policy, now: now)
        return (plan.actions, view.goals[0].progress(in: plan, view: view))
    }

    private func fails(_ progress: GoalProgress, _ expected: GoalFailure) -> Bool {
        if case .failed(expected, _, _) = progress { true } else { false }
    }

    @Test func `a directory is made from a gist only where none is, and only while somebody asks`() {
        let wanted = judged(view())
        #expect(wanted.actions == [.addModel(AddWish(gist: localID, by: 1000), goal: 7)] && wanted.progress == .goesOn)
        for disk in [DiskView.notAModel, .ignored, .unknown(because: "EIO"), SampleModel().view.disk] {
            let refused = judged(view(disk))
            #expect(!refused.actions.contains { if case .addModel = $0 { true } else { false } })
            #expect(fails(refused.progress, .needsPerson))
        }
        #expect(plan(view { $0.goals = [] }, policy: Policy(), now: now).isQuiet)
        let kept = judged(view { $0.memory = SampleModel.published().memory })
        #expect(kept.actions.isEmpty && fails(kept.progress, .needsPerson))
    }

    @Test func `what hinders an addition is said, and the job ends by its cause`() {
        var readOnly = Policy()
        readOnly.zooIsReadOnly = true
        #expect(fails(judged(view(), readOnly).progress, .needsPerson) && judged(view(), readOnly).actions.isEmpty)
        var closed = Policy()
        closed.hostClosed = Closure(until: now.addingTimeInterval(60), because: "limited")
        #expect(judged(view(), closed).progress == .goesOn)
        #expect(judged(view(), closed).actions == [.sleep(until: now.addingTimeInterval(60))])
        let lost = view { $0.memory.gistTrouble = .sample(.network, about: "add \(localID)", at: now) }
        #expect(fails(judged(lost).progress, .network))
    }

    @Test func `nothing else is done with a model until its arrival is settled`() {
        let arrival = Arrival(wish: AddWish(gist: localID, by: 1000), goal: 7, staged: "model-1", device: 1, inode: 2)
        for disk in [DiskView.absent, .notAModel, SampleModel().view.disk] {
            let unsettled = judged(view(disk) { $0.memory.decisions.arrival = arrival })
            #expect(unsettled.actions == [.settleArrival(arrival)] && unsettled.progress == .goesOn)
        }
        let unknown = judged(view(.unknown(because: "EIO")) { $0.memory.decisions.arrival = arrival })
        #expect(unknown.actions == [.sleep(until: now.addingTimeInterval(30))] && unknown.progress == .goesOn)
    }
}
