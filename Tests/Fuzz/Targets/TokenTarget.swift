import InterlockCore

/// The claims of a token: what was read is written, and read again it is the same; and no order of
/// uses lets two in.
enum TokenTarget {
  static func run(_ input: [UInt8]) throws(Finding) {
    var lines = FuzzLines(input)
    guard let document = lines.json(), let claims = TokenClaims(document) else { return }
    try require(
      TokenClaims(try claims.json.reread()) == claims, "other claims: \(claims.json.line)")
    var machine = TokenMachine(issuing: claims)
    var uses = 0
    var isRevoked = false
    for byte in lines.remainder() {
      let now = claims.expiresAt - 128 + Int64(byte)
      if byte.isMultiple(of: 7) {
        isRevoked = machine.revoke() == .revoked || isRevoked
        continue
      }
      switch machine.use(at: now) {
      case .used, .admitted:
        uses += 1
        try require(!isRevoked && now < claims.expiresAt, "let in too late")
      case .rejected: break
      case .revoked, .replayed: throw Finding("a use that revokes")
      }
    }
    try require(!claims.isSingleUse || uses <= 1, "\(uses) uses of a token for one")
  }
}
