/// `{"fields": [...], "submitLabel"?}`, answered by an object of field values.
///
/// A null is a field that was left out. Defaults fill the form that a person sees; what the person
/// leaves out of the answer stays out.
package struct FormPayload: Sendable {
  package let fields: [FormField]
  private let names: NameIndex

  init(_ reader: inout MemberReader, _ mode: ReadMode) {
    fields =
      reader.list("fields", .required, key: "name") { name, reader in
        FormField(name, &reader, mode)
      } ?? []
    names = NameIndex(fields.map(\.name))
    _ = reader.text("submitLabel")
  }

  var secretFields: [Text] {
    fields.filter { $0.type == .password }.map(\.name)
  }

  func check(_ response: JSONValue) -> AnswerCheck {
    guard case .object(let members) = response else {
      return .invalid([Flaw.type("object", response).at(.root)])
    }
    var problems: [Problem] = []
    var unexpected = 0
    var seen = [Bool](repeating: false, count: fields.count)
    var given = 0
    for member in members {
      let path = { JSONPointer.root.appending(member.name) }
      guard let index = names.position(of: member.name) else {
        unexpected += 1
        guard unexpected <= ReviewPayload.maxUnexpected else { continue }
        problems.append(MemberReader.unexpected.at(path()))
        continue
      }
      if case .null = member.value { continue }
      given += 1
      guard !seen[index] else {
        problems.append(Flaw(.duplicate, "This is given twice.").at(path()))
        continue
      }
      seen[index] = true
      for flaw in fields[index].flaws(in: member.value) { problems.append(flaw.at(path())) }
    }
    for (field, isGiven) in zip(fields, seen) where field.mustBeAnswered && !isGiven {
      problems.append(Flaw(.missing, "This is required.").at(.root.appending(field.name)))
    }
    let isWhole = given == members.count
    return .unless(
      problems, Answer(.answer, response, substance: isWhole ? nil : Self.withoutNulls(members)))
  }

  /// To say nothing and to say null is the same, and must count together.
  private static func withoutNulls(_ members: [JSONMember]) -> JSONValue {
    .object(
      members.filter {
        if case .null = $0.value { return false }
        return true
      })
  }
}
