/// What a person can be asked: requirements 3.1.
package enum ReviewKind: String, Sendable, CaseIterable {
  case notify
  case approval
  case verify
  case selection
  case form
  case text
  case freeform
  case actions
  case rating
}

package enum ReadMode: Sendable {
  /// A review is being opened: everything is checked, schemas are compiled.
  case strict
  /// A payload that was accepted before: its schemas wait until an answer needs them, and its
  /// defaults are not checked again.
  case stored
}

/// Why a review cannot be opened: pointers are relative to the payload.
package struct InvalidPayload: Error, Sendable, Equatable {
  package let problems: [Problem]
}

/// What a review asks and which answers it accepts: requirements 3.4.
///
/// A value exists only for a definition without problems.
package struct ReviewPayload: Sendable {
  /// Of options, items or fields.
  package static let maxEntries = 1000
  /// How many unknown members of one object are reported.
  package static let maxUnexpected = 100

  package enum Body: Sendable {
    case notify(NotifyPayload)
    case approval(ApprovalPayload)
    case verify(VerifyPayload)
    case selection(SelectionPayload)
    case form(FormPayload)
    case text(TextPayload)
    case freeform(FreeformPayload)
    case actions(ActionsPayload)
    case rating(RatingPayload)
  }

  package let kind: ReviewKind
  package let body: Body
  /// A review with this label may be answered by `{"_dismissed":true}`.
  package let dismissLabel: Text?

  package init(
    kind: ReviewKind, _ document: JSONValue, mode: ReadMode
  ) throws(InvalidPayload) {
    var reader = MemberReader(document)
    self.kind = kind
    // A notification asks for nothing, so there is nothing to dismiss.
    dismissLabel = kind == .notify ? nil : reader.text("dismissLabel", nonEmpty: true)
    body =
      switch kind {
      case .notify: .notify(NotifyPayload(&reader))
      case .approval: .approval(ApprovalPayload(&reader))
      case .verify: .verify(VerifyPayload(&reader))
      case .selection: .selection(SelectionPayload(&reader))
      case .form: .form(FormPayload(&reader, mode))
      case .text: .text(TextPayload(&reader))
      case .freeform: .freeform(FreeformPayload(&reader, mode))
      case .actions: .actions(ActionsPayload(&reader, mode))
      case .rating: .rating(RatingPayload(&reader))
      }
    reader.finishDefinition()
    guard reader.problems.isEmpty else { throw InvalidPayload(problems: reader.problems) }
  }

  package func check(_ response: JSONValue) -> AnswerCheck {
    if Self.isDismissal(response) { return dismissal(response) }
    return switch body {
    case .notify: Self.notAsked
    case .approval(let payload): payload.check(response)
    case .verify(let payload): payload.check(response)
    case .selection(let payload): payload.check(response)
    case .form(let payload): payload.check(response)
    case .text(let payload): payload.check(response)
    case .freeform(let payload): payload.check(response)
    case .actions(let payload): payload.check(response)
    case .rating(let payload): payload.check(response)
    }
  }

  /// The form fields whose values are secret, in the order they are asked.
  package var secretFields: [Text] {
    guard case .form(let form) = body else { return [] }
    return form.secretFields
  }

  /// How many decisions one answer holds (X37).
  package var itemCount: Int {
    guard case .actions(let actions) = body else { return 1 }
    return actions.items.count
  }

  /// Whether a response may have a member `comment` that is one.
  package var takesComment: Bool {
    switch kind {
    case .approval, .rating: true
    case .notify, .verify, .selection, .form, .text, .freeform, .actions: false
    }
  }

  static let dismissed: Text = "_dismissed"

  /// Exactly `{"_dismissed":true}`. With anything beside it, it is no dismissal.
  private static func isDismissal(_ response: JSONValue) -> Bool {
    guard case .object(let members) = response, members.count == 1, let member = members.first,
      case .bool(true) = member.value
    else { return false }
    return member.name == dismissed
  }

  private func dismissal(_ response: JSONValue) -> AnswerCheck {
    guard dismissLabel == nil else { return .valid(Answer(.dismiss, response)) }
    let path = JSONPointer.root.appending(Self.dismissed)
    return .invalid([Problem(.notAllowed, at: path, "This review cannot be dismissed.")])
  }

  private static let notAsked = AnswerCheck.invalid([
    Problem(.notAllowed, at: .root, "A notification asks for no answer.")
  ])
}
