private import CFork

/// What a child of `fork()` must find whole is only touched inside of the gate. A thread may
/// enter again.
package enum ForkGate {
  /// Differs between a process and its children.
  package static var generation: UInt32 { cfork_generation() }

  package static func inside<Result, Failure: Error>(
    _ body: () throws(Failure) -> Result
  ) throws(Failure) -> Result {
    cfork_gate_enter()
    defer { cfork_gate_leave() }
    return try body()
  }
}
