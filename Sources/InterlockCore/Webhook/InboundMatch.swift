/// Whether a delivery that came before is the same one: its first result is then the only one.
package enum InboundMatch: Sendable, Equatable {
  case first
  case replayed
  case rejected(Refusal)

  /// - Parameters:
  ///   - kept: the digest of the content that came first; nil for none kept, `.some(nil)` for one
  ///     that came without.
  ///   - given: the digest of this one.
  package init(kept: Text??, given: Text?) {
    switch (kept, given) {
    case (.none, _): self = .first
    case (.some(let first?), let second?) where first != second:
      self = .rejected(
        Refusal(.idempotencyMismatch, "This delivery came with another content before."))
    case (.some, _): self = .replayed
    }
  }
}
