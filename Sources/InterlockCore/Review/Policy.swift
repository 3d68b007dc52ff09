/// Who must decide a review, in which order.
package struct Policy: Sendable, Equatable {
  package enum Order: String, Sendable, CaseIterable {
    /// Every stage must pass, one after the other; one that rejects rejects the review.
    case chain
    /// The stages are the rungs of an escalation: the open one decides, a trigger opens the next.
    case ladder
  }

  package let name: Text?
  /// Of a named policy, counted from 1.
  package let version: Int?
  package let order: Order
  package let stages: [Stage]
  package let triggers: EscalationTriggers

  package init(
    name: Text? = nil, version: Int? = nil, order: Order, stages: [Stage],
    triggers: EscalationTriggers = EscalationTriggers()
  ) {
    self.name = name
    self.version = version
    self.order = order
    self.stages = stages
    self.triggers = triggers
  }

  /// What counts when a review names no policy: anybody may decide.
  package static let open = Policy(order: .chain, stages: [.open])

  package var withoutVersion: Policy {
    Policy(name: name, order: order, stages: stages, triggers: triggers)
  }

  package var json: JSONValue {
    var members: [JSONMember] = []
    if let name { members.append(JSONMember(name: "name", value: .string(name))) }
    if let version { members.append(JSONMember(name: "version", value: .integer(version))) }
    members.append(JSONMember(name: "order", value: .text(order.rawValue)))
    members.append(JSONMember(name: "stages", value: .array(stages.map(\.json))))
    members.append(JSONMember(name: "triggers", value: triggers.json))
    return .object(members)
  }
}

/// When the work of a rung goes to the next one (S27).
package struct EscalationTriggers: Sendable, Equatable {
  package let confidenceBelow: Double
  package let onError: Bool
  package let onSensitive: Bool

  package init(confidenceBelow: Double = 0.7, onError: Bool = true, onSensitive: Bool = true) {
    self.confidenceBelow = confidenceBelow
    self.onError = onError
    self.onSensitive = onSensitive
  }

  package var json: JSONValue {
    .object([
      "confidence_below": .number(.double(confidenceBelow)), "on_error": .bool(onError),
      "on_sensitive": .bool(onSensitive),
    ])
  }
}

/// Why a rung was left. The reason on record is the trigger that fired (S30).
package enum EscalationTrigger: String, Sendable, CaseIterable {
  case confidence
  case error
  case sensitive
  case deadline
  /// Somebody of the rung said so.
  case request
}

/// What is known about the work of a rung.
package struct EscalationSignal: Sendable, Equatable {
  package var confidence: Double?
  package var hasError: Bool
  package var isSensitive: Bool

  package init(confidence: Double? = nil, hasError: Bool = false, isSensitive: Bool = false) {
    self.confidence = confidence
    self.hasError = hasError
    self.isSensitive = isSensitive
  }
}

extension EscalationTriggers {
  /// The trigger that fires, if one does. An unknown confidence is full confidence (S27).
  package func trigger(for signal: EscalationSignal) -> EscalationTrigger? {
    if onError, signal.hasError { return .error }
    if onSensitive, signal.isSensitive { return .sensitive }
    // NaN is no confidence: it must not pass for one.
    if let confidence = signal.confidence, !(confidence >= confidenceBelow) { return .confidence }
    return nil
  }
}
