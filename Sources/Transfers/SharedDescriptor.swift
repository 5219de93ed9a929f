import SystemIO

/// A descriptor that several threads use; closed when the last of them is done with it.
final class SharedDescriptor: Sendable {
    let descriptor: OwnedDescriptor

    init(_ descriptor: consuming OwnedDescriptor) { self.descriptor = descriptor }
}
