/** What is wrong with PartiQL statements. None of these texts is ever prefixed. `position`: line:column:length. */
import { invalidRequest, type ServiceError } from "../errors.ts";

// The text of the statement -----------------------------------------------------------------------------------------

/** The service says nothing at all of what its lexer cannot read. */
export function malformedStatement(detail = ""): ServiceError {
  return invalidRequest(`Statement wasn't well formed, can't be processed: ${detail}`);
}

/** A word that is no attribute's name unless it is quoted. */
export function unexpectedKeyword(): ServiceError {
  return malformedStatement("Unexpected keyword");
}

export function unexpectedOperator(): ServiceError {
  return malformedStatement("Unexpected operator");
}

export function unexpectedTerm(): ServiceError {
  return malformedStatement("Unexpected term");
}

export function unexpectedToken(): ServiceError {
  return malformedStatement("Unexpected token after expression");
}

export function tokenAfterSemicolon(): ServiceError {
  return malformedStatement("Unexpected token after semicolon. (Only one query is allowed.)");
}

/** `what`: the name of a token, in capitals. */
export function expectedToken(what: string): ServiceError {
  return malformedStatement(`Expected ${what}`);
}

export function expectedKeyword(word: string): ServiceError {
  return malformedStatement(`Expected ${word} keyword`);
}

export function expectedManipulation(): ServiceError {
  return malformedStatement("Expected data manipulation");
}

export function expectedSource(): ServiceError {
  return malformedStatement("Expected FROM after SELECT list");
}

export function expectedDeleteSource(): ServiceError {
  return malformedStatement("Expected FROM after DELETE");
}

export function expectedSimplePath(): ServiceError {
  return malformedStatement("Expected identifier for simple path");
}

export function expectedAssignment(): ServiceError {
  return malformedStatement("Expected '='");
}

export function expectedAlias(word: string): ServiceError {
  return malformedStatement(`Expected identifier for ${word}-alias`);
}

export function expectedTypeName(): ServiceError {
  return malformedStatement("Expected type name");
}

export function expectedUpperBound(): ServiceError {
  return malformedStatement("Expected expression after AND");
}

export function expectedReturning(): ServiceError {
  return malformedStatement("Expected ( MODIFIED | ALL ) ( NEW | OLD ) in each returning element.");
}

export function unsupportedReturning(): ServiceError {
  return malformedStatement("Unsupported syntax in RETURNING columns.");
}

export function missingRightSide(): ServiceError {
  return malformedStatement("Missing right-hand side expression of infix operator");
}

export function invalidDotComponent(): ServiceError {
  return malformedStatement("Invalid path dot component");
}

export function starNotAlone(): ServiceError {
  return malformedStatement(
    "Other expressions may not be present in the select list when '*' is used without dot notation.",
  );
}

export function callWithStar(name: string): ServiceError {
  return malformedStatement(`${name}(*) is not allowed`);
}

// What its parts mean -----------------------------------------------------------------------------------------------

export function wrongParameterCount(): ServiceError {
  return invalidRequest("Number of parameters in request and statement don't match.");
}

export function aliasing(): ServiceError {
  return invalidRequest("Aliasing is not supported");
}

/** `operation`: the service's name for this kind of expression. */
export function unsupportedOperation(operation: string): ServiceError {
  return invalidRequest(`Unsupported operation: ${operation}`);
}

export function unsupportedClause(clause: string, position: string): ServiceError {
  return invalidRequest(`Unsupported clause: ${clause} at ${position}`);
}

export function unexpectedPathComponent(position: string): ServiceError {
  return invalidRequest(`Unexpected path component at ${position}`);
}

export function unrecognizedFunction(name: string, position: string): ServiceError {
  return invalidRequest(`Unrecognized function: ${name} at ${position}`);
}

export function listIndexOutOfRange(index: string, position: string): ServiceError {
  return invalidRequest(`List index is not within the allowable range; index: [${index}] at ${position}`);
}

export function tooManySourceParts(): ServiceError {
  return invalidRequest("A path may contain at most 2 components in the FROM clause");
}

export function emptySourcePart(): ServiceError {
  return invalidRequest("Path component cannot be an empty string");
}

export function deleteReturning(clause: string): ServiceError {
  return invalidRequest(
    `Invalid returning clause: RETURNING ${clause} *. Only RETURNING ALL OLD * is allowed in DELETE statements.`,
  );
}

export function wrongSetArgumentCount(name: string, position: string): ServiceError {
  return invalidRequest(`${name} must have exactly two arguments at ${position}`);
}

export function setArgumentNotTarget(name: string, position: string): ServiceError {
  return invalidRequest(`The first argument to ${name} must equal the assignment value at ${position}`);
}

/** The service shows the place of the first argument. */
export function setArgumentNotSet(name: string, position: string): ServiceError {
  return invalidRequest(`The second argument to ${name} must be a value with type SET at ${position}`);
}

// Literals: `path` leads from `root` to the faulty value ------------------------------------------------------------

export function unsupportedData(kind: string, path: string, position: string): ServiceError {
  return invalidRequest(`Unsupported data type: ${kind} under key ${path} at ${position}`);
}

export function invalidLiteral(fault: ServiceError, path: string): ServiceError {
  return invalidRequest(`${fault.message} under ${path}`);
}

export function literalTooDeep(path: string): ServiceError {
  return invalidRequest(`Nesting Levels have exceeded supported limits under ${path}`);
}

export function emptyBag(): ServiceError {
  return invalidRequest("Empty bags are not supported");
}

export function mixedBag(): ServiceError {
  return invalidRequest(
    "Unsupported data type in Bag. DynamoDB only supports either numbers or strings in bags",
  );
}

/** Of repeated strings the service speaks as of any set. */
export function repeatedNumbers(members: readonly string[], path: string): ServiceError {
  return invalidRequest(
    `One or more parameter values were invalid: Input collection [${members.join(", ")}] contains duplicates! under ${path}`,
  );
}

// Keys --------------------------------------------------------------------------------------------------------------

export function keyConditionType(name: string): ServiceError {
  return invalidRequest(
    `Key attribute's data type should match its data type in table's schema: Key ${name}`,
  );
}

export function overlappingKeyConditions(): ServiceError {
  return invalidRequest("Overlapping conditions with range keys are not supported in where clause");
}

export function tooManyReads(): ServiceError {
  return invalidRequest("Too many decomposed read operations for a given query.");
}
