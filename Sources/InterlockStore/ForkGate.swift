private import CFork

/// What a child of `fork()` must find whole is only touched inside of the gate. A thread may
/// enter again.
package enum ForkGate {
  /// Differs between a process and its children.
  package static var generation: UInt32 { cfork_generation() }

  package static func inside<Result, Failure: Error>(
    _ body: () throws(Failure) -> Result
  ) throws(Failure) -> Result {
    enter()
    defer { leave() }
    return try body()
  }

  /// For a thread of ours, which is inside from its first step: Swift's runtime has locks of its own.
  package static func enter() { cfork_gate_enter() }
  package static func leave() { cfork_gate_leave() }

  /// Steps out of the gate, for a thread that may be inside, to wait for others: one who must enter
  /// before it can go on would wait for a fork that waits for this thread.
  package static func outside<Result, Failure: Error>(
    _ body: () throws(Failure) -> Result
  ) throws(Failure) -> Result {
    let entered = cfork_gate_pause()
    defer { cfork_gate_resume(entered) }
    return try body()
  }
}
