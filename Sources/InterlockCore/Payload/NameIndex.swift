/// Names and where they stand. A few are found faster by looking at each than by hashing.
struct NameIndex: Sendable {
  let names: [Text]
  private let positions: [Text: Int]

  init(_ names: [Text]) {
    self.names = names
    positions =
      names.count <= 8
      ? [:]
      : Dictionary(
        names.enumerated().map { ($0.element, $0.offset) }, uniquingKeysWith: { first, _ in first })
  }

  func position(of name: Text) -> Int? {
    positions.isEmpty ? names.firstIndex(of: name) : positions[name]
  }

  func contains(_ name: Text) -> Bool { position(of: name) != nil }
}
