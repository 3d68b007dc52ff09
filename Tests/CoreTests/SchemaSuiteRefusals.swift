/// The groups of the suite that are refused, and the keywords that are the reason.
///
/// Interlock fetches nothing and knows one document, so references to other documents, embedded
/// `$id`s, dynamic references and other metaschemas are out; so are formats nobody emits.
enum SchemaSuiteRefusals {
  static let refused: [String: [(group: String, keywords: String)]] = [
    "anchor.json": [
      ("Location-independent identifier with absolute URI", "$id $ref"),
      ("Location-independent identifier with base URI change in subschema", "$id $ref"),
      ("same $anchor with different base uri", "$id $ref"),
    ],
    "defs.json": [
      ("validate definition against metaschema", "$ref")
    ],
    "dynamicRef.json": [
      (
        "A $dynamicRef to a $dynamicAnchor in the same schema resource behaves like a "
          + "normal $ref to an $anchor",
        "$dynamicAnchor $dynamicRef"
      ),
      (
        "A $dynamicRef to an $anchor in the same schema resource behaves like a normal "
          + "$ref to an $anchor",
        "$dynamicRef"
      ),
      (
        "A $ref to a $dynamicAnchor in the same schema resource behaves like a normal $ref "
          + "to an $anchor",
        "$dynamicAnchor"
      ),
      (
        "A $dynamicRef resolves to the first $dynamicAnchor still in scope that is "
          + "encountered when the schema is evaluated",
        "$dynamicAnchor $dynamicRef $id $ref"
      ),
      (
        "A $dynamicRef without anchor in fragment behaves identical to $ref",
        "$dynamicAnchor $dynamicRef $id $ref"
      ),
      (
        "A $dynamicRef with intermediate scopes that don't include a matching "
          + "$dynamicAnchor does not affect dynamic scope resolution",
        "$dynamicAnchor $dynamicRef $id $ref"
      ),
      (
        "An $anchor with the same name as a $dynamicAnchor is not used for dynamic scope "
          + "resolution",
        "$dynamicAnchor $dynamicRef $id $ref"
      ),
      (
        "A $dynamicRef without a matching $dynamicAnchor in the same schema resource "
          + "behaves like a normal $ref to $anchor",
        "$dynamicAnchor $dynamicRef $id $ref"
      ),
      (
        "A $dynamicRef with a non-matching $dynamicAnchor in the same schema resource "
          + "behaves like a normal $ref to $anchor",
        "$dynamicAnchor $dynamicRef $id $ref"
      ),
      (
        "A $dynamicRef that initially resolves to a schema with a matching $dynamicAnchor "
          + "resolves to the first $dynamicAnchor in the dynamic scope",
        "$dynamicAnchor $dynamicRef $id $ref"
      ),
      (
        "A $dynamicRef that initially resolves to a schema without a matching "
          + "$dynamicAnchor behaves like a normal $ref to $anchor",
        "$dynamicAnchor $dynamicRef $id $ref"
      ),
      ("multiple dynamic paths to the $dynamicRef keyword", "$dynamicAnchor $dynamicRef $id $ref"),
      (
        "after leaving a dynamic scope, it is not used by a $dynamicRef",
        "$dynamicAnchor $dynamicRef $id $ref"
      ),
      ("strict-tree schema, guards against misspelled properties", "$dynamicAnchor $ref"),
      ("tests for implementation dynamic anchor and reference link", "$dynamicAnchor $ref"),
      ("$ref and $dynamicAnchor are independent of order - $defs first", "$dynamicAnchor $ref"),
      ("$ref and $dynamicAnchor are independent of order - $ref first", "$dynamicAnchor $ref"),
      ("$ref to $dynamicRef finds detached $dynamicAnchor", "$ref"),
      ("$dynamicRef points to a boolean schema", "$dynamicRef"),
      (
        "$dynamicRef skips over intermediate resources - direct reference",
        "$dynamicAnchor $dynamicRef $id $ref"
      ),
      (
        "$dynamicRef avoids the root of each schema, but scopes are still registered",
        "$dynamicAnchor $dynamicRef $id $ref"
      ),
    ],
    "format.json": [
      ("idn-email format", "format"),
      ("regex format", "format"),
      ("idn-hostname format", "format"),
      ("json-pointer format", "format"),
      ("relative-json-pointer format", "format"),
      ("iri format", "format"),
      ("iri-reference format", "format"),
      ("uri-reference format", "format"),
      ("uri-template format", "format"),
    ],
    "ref.json": [
      ("remote ref, containing refs itself", "$ref"),
      ("Recursive references between schemas", "$id $ref"),
      ("refs with relative uris and defs", "$id $ref"),
      ("relative refs with absolute uris and defs", "$id $ref"),
      ("$id must be resolved against nearest parent, not just immediate parent", "$id $ref"),
      ("order of evaluation: $id and $ref", "$id $ref"),
      ("order of evaluation: $id and $anchor and $ref", "$id"),
      ("order of evaluation: $id and $ref on nested schema", "$id $ref"),
      ("URN ref with nested pointer ref", "$id $ref"),
      ("ref to if", "$id $ref"),
      ("ref to then", "$id $ref"),
      ("ref to else", "$id $ref"),
      ("ref with absolute-path-reference", "$id $ref"),
    ],
    "refRemote.json": [
      ("remote ref", "$ref"),
      ("fragment within remote ref", "$ref"),
      ("anchor within remote ref", "$ref"),
      ("ref within remote ref", "$ref"),
      ("base URI change", "$id $ref"),
      ("base URI change - change folder", "$id $ref"),
      ("base URI change - change folder in subschema", "$id $ref"),
      ("root ref in remote ref", "$ref"),
      ("remote ref with ref to defs", "$ref"),
      ("Location-independent identifier in remote ref", "$ref"),
      ("retrieved nested refs resolve relative to their URI not $id", "$ref"),
      ("remote HTTP ref with different $id", "$ref"),
      ("remote HTTP ref with different URN $id", "$ref"),
      ("remote HTTP ref with nested absolute ref", "$ref"),
      ("$ref to $ref finds detached $anchor", "$ref"),
    ],
    "unevaluatedItems.json": [
      ("unevaluatedItems with $dynamicRef", "$dynamicAnchor $dynamicRef $id $ref")
    ],
    "unevaluatedProperties.json": [
      ("unevaluatedProperties with $dynamicRef", "$dynamicAnchor $dynamicRef $id $ref")
    ],
    "vocabulary.json": [
      ("schema that uses custom metaschema with with no validation vocabulary", "$schema"),
      ("ignore unrecognized optional vocabulary", "$schema"),
    ],
  ]
}
