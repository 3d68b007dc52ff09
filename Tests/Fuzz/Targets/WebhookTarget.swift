import InterlockCore

/// The headers of a webhook: two that differ are never signed as one.
enum WebhookTarget {
  static func run(_ input: [UInt8]) throws(Finding) {
    var lines = FuzzLines(input)
    guard let first = lines.json(), let left = try read(first) else { return }
    try require(left.signatures.count <= WebhookEnvelope.maxSignatures, "too many signatures")
    try require(
      left.staleness(at: .max, tolerance: 0) != nil || left.timestamp > Int64.max / 1001,
      "fresh for ever")
    guard let second = lines.json(), let right = try read(second) else { return }
    let body = lines.remainder()
    let isSame = left.id == right.id && left.timestamp == right.timestamp
    try require(
      isSame == (left.signedContent(body) == right.signedContent(body)), "signed as another")
  }

  private static func read(_ headers: JSONValue) throws(Finding) -> WebhookEnvelope? {
    switch WebhookEnvelope.read(headers, at: .root) {
    case .success(let envelope):
      return envelope
    case .failure(let flaws):
      // Of what is no object the caller has said so.
      if case .object = headers { try requireUseful(flaws.problems) }
      return nil
    }
  }
}
