/// Answered by `{"decisions": [{"type", ...}]}` in item order, or `{"byId": {id: {"type", ...}}}`.
extension ActionsPayload {
  func check(_ response: JSONValue) -> AnswerCheck {
    var reader = MemberReader(response)
    let list = reader.value("decisions")
    let byID = reader.value("byId")
    var places: [Place] = []
    switch (list, byID) {
    case (nil, nil):
      // Of what is no object, only that is said.
      if case .object = response { _ = reader.value("decisions", .required) }
    case (let list?, nil):
      places = self.places(list, at: reader.pointer("decisions"), &reader)
    case (nil, let byID?):
      places = self.places(byID: byID, at: reader.pointer("byId"), &reader)
    case (_?, _?):
      reader.report(Flaw(.duplicate, "Every item would be answered twice."), at: "byId")
    }
    reader.finish()
    var decided: [ItemAnswer] = []
    for place in places {
      var decision = MemberReader(place.value, at: place.path)
      let answer = place.item.decide(&decision)
      reader.add(decision.problems)
      if let answer { decided.append(answer) }
    }
    guard reader.problems.isEmpty, decided.count == items.count else {
      return .invalid(reader.problems)
    }
    return .valid(Self.answer(zip(items, decided).map { ($0.id, $1) }))
  }

  /// A decision, what it is about and where it stands.
  private struct Place {
    let item: Item
    let value: JSONValue
    let path: JSONPointer
  }

  private func places(
    _ list: JSONValue, at path: JSONPointer, _ reader: inout MemberReader
  ) -> [Place] {
    guard case .array(let decisions) = list else {
      reader.add([Flaw.type("array", list).at(path)])
      return []
    }
    guard decisions.count == items.count else {
      reader.add([countFlaw(decisions.count).at(path)])
      return []
    }
    return zip(items, decisions).enumerated().map { index, pair in
      Place(item: pair.0, value: pair.1, path: path.appending(index))
    }
  }

  /// In item order.
  private func places(
    byID: JSONValue, at path: JSONPointer, _ reader: inout MemberReader
  ) -> [Place] {
    guard case .object(let members) = byID else {
      reader.add([Flaw.type("object", byID).at(path)])
      return []
    }
    if members.count != items.count { reader.add([countFlaw(members.count).at(path)]) }
    var decisions = [JSONValue?](repeating: nil, count: items.count)
    var unknown = 0
    for member in members {
      guard let index = ids.position(of: member.name) else {
        unknown += 1
        guard unknown <= ReviewPayload.maxUnexpected else { continue }
        let flaw = Flaw(.unknownItem, "No item has this id.")
        reader.add([flaw.at(path.appending(member.name))])
        continue
      }
      if decisions[index] != nil {
        let flaw = Flaw(.duplicate, "This item is answered twice.")
        reader.add([flaw.at(path.appending(member.name))])
      }
      decisions[index] = member.value
    }
    var places: [Place] = []
    for (item, decision) in zip(items, decisions) {
      if let decision {
        places.append(Place(item: item, value: decision, path: path.appending(item.id)))
      } else {
        reader.add([Flaw(.missing, "This item has no decision.").at(path.appending(item.id))])
      }
    }
    return places
  }

  /// X38, word for word: LangChain says the same.
  private func countFlaw(_ count: Int) -> Flaw {
    let message =
      "Number of human decisions (\(count)) does not match number of hanging tool calls (\(items.count))."
    return Flaw(.count, message, expected: .integer(items.count), got: .integer(count))
  }

  /// One vote for all items: approve if every one is approved, reject if every one is rejected,
  /// otherwise edit, for what runs is not what was asked.
  private static func answer(_ decided: [(id: Text, answer: ItemAnswer)]) -> Answer {
    let verdict: Answer.Verdict =
      if decided.allSatisfy({ $0.answer.decision == .approve }) {
        .approve
      } else if decided.allSatisfy({ $0.answer.decision == .reject }) {
        .reject
      } else {
        .edit
      }
    return Answer(
      verdict, .object(["decisions": .array(decided.map(\.answer.json))]),
      substance: .object(["decisions": .array(decided.map(\.answer.substance))]),
      items: decided.map { ItemVerdict(id: $0.id, verdict: $0.answer.decision) })
  }
}
