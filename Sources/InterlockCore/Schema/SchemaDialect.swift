/// A draft of JSON Schema, older ones first.
enum SchemaDialect: Int, Comparable, Sendable {
  case draft7
  case draft2019
  case draft2020

  init?(uri: Text) {
    var name = uri.utf8[...]
    if name.last == UInt8(ascii: "#") { name.removeLast() }
    switch String(decoding: name, as: UTF8.self) {
    case "http://json-schema.org/draft-07/schema", "https://json-schema.org/draft-07/schema":
      self = .draft7
    case "https://json-schema.org/draft/2019-09/schema": self = .draft2019
    case "https://json-schema.org/draft/2020-12/schema": self = .draft2020
    default: return nil
    }
  }

  static func < (left: SchemaDialect, right: SchemaDialect) -> Bool {
    left.rawValue < right.rawValue
  }
}
