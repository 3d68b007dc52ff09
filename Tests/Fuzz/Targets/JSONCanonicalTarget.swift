import InterlockCore

/// Two documents: canonical bytes are stable, and equal bytes mean equal values.
enum JSONCanonicalTarget {
  static func run(_ input: [UInt8]) throws(Finding) {
    var lines = FuzzLines(input)
    guard let one = lines.json() else { return }
    let bytes = try canonical(one)
    guard let other = lines.json() else { return }
    let isEqual = one == other
    try require(isEqual == (other == one), "equality has a direction")
    if try canonical(other) == bytes { try require(isEqual, "equal bytes of different values") }
  }

  private static func canonical(_ value: JSONValue) throws(Finding) -> [UInt8] {
    let bytes = CanonicalJSON.write(value)
    do {
      let again = try JSONReader.read(bytes)
      try require(again == value, "another value in canonical form")
      try require(CanonicalJSON.write(again) == bytes, "the canonical form is not stable")
      try require(CanonicalJSON.write(try value.reread()) == bytes, "the writer changes the value")
    } catch let error as Finding {
      throw error
    } catch {
      throw Finding("canonical bytes cannot be read")
    }
    return bytes
  }
}
