import assert from "node:assert/strict";
import test from "node:test";
import fc from "fast-check";
import { arbitraryNumber } from "../../test/fixtures/arbitrary-values.ts";
import { RequestError } from "../model/errors.ts";
import { addNumbers, canonicalNumber, compareNumbers, numberSize, subtractNumbers } from "./number.ts";

const overflow = "Number overflow. Attempting to store a number with magnitude larger than supported range";
const underflow =
  "Number underflow. Attempting to store a number with magnitude smaller than supported range";
const tooManyDigits = "Attempting to store more than 38 significant digits in a Number";
const notANumber = "The parameter cannot be converted to a numeric value";

const nines = "9".repeat(38);

test("a number is kept as plain digits, whatever way it was written", () => {
  const spellings: readonly (readonly [written: string, kept: string])[] = [
    ["0", "0"],
    ["-0", "0"],
    ["+0", "0"],
    ["0.000", "0"],
    ["-0.0e5", "0"],
    ["0e125", "0"],
    ["0e-130", "0"],
    ["1", "1"],
    ["+5", "5"],
    ["-42", "-42"],
    [".5", "0.5"],
    ["-.5", "-0.5"],
    ["5.", "5"],
    ["1.e5", "100000"],
    ["1E+5", "100000"],
    ["1e-0", "1"],
    ["0042", "42"],
    ["1.200", "1.2"],
    ["100", "100"],
    ["100.00", "100"],
    ["12.5e1", "125"],
    ["12.5e-3", "0.0125"],
    ["0.00120e2", "0.12"],
    ["1e00000000000000000000000000002", "100"],
    ["1E125", `1${"0".repeat(125)}`],
    ["-1e125", `-1${"0".repeat(125)}`],
    ["1e-130", `0.${"0".repeat(129)}1`],
    [nines, nines],
    [`${nines}${"0".repeat(88)}`, `${nines}${"0".repeat(88)}`],
    [`0.${nines}`, `0.${nines}`],
    [`${"0".repeat(500)}1`, "1"],
  ];
  for (const wording of ["enveloped", "current", "older"] as const) {
    assert.deepEqual(
      spellings.map(([written]) => canonicalNumber(written, wording)),
      spellings.map(([, kept]) => kept),
    );
  }
});

test("a text that is no number the service keeps is refused in the words of either layer", () => {
  const refusals: readonly (readonly [written: string, current: string, older: string])[] = [
    ["", `${notANumber}: `, notANumber],
    ["abc", `${notANumber}: abc`, `${notANumber}: abc`],
    [" 1", `${notANumber}:  1`, `${notANumber}:  1`],
    ["1 ", `${notANumber}: 1 `, `${notANumber}: 1 `],
    ["1\n", `${notANumber}: 1\n`, `${notANumber}: 1\n`],
    ["1+2", `${notANumber}: 1+2`, `${notANumber}: 1+2`],
    ["1.2.3", `${notANumber}: 1.2.3`, `${notANumber}: 1.2.3`],
    ["+e2", `${notANumber}: +e2`, `${notANumber}: +e2`],
    ["1e", `${notANumber}: 1e`, `${notANumber}: 1e`],
    ["-", `${notANumber}: -`, `${notANumber}: -`],
    [".", `${notANumber}: .`, `${notANumber}: .`],
    ["--1", `${notANumber}: --1`, `${notANumber}: --1`],
    ["0x10", `${notANumber}: 0x10`, `${notANumber}: 0x10`],
    ["NaN", `${notANumber}: NaN`, `${notANumber}: NaN`],
    ["Infinity", `${notANumber}: Infinity`, `${notANumber}: Infinity`],
    ["١", `${notANumber}: ١`, `${notANumber}: ١`],
    ["1e126", overflow, overflow],
    ["-1e126", overflow, overflow],
    [`1${"0".repeat(126)}`, overflow, overflow],
    ["0.1e127", overflow, overflow],
    ["1e-131", underflow, underflow],
    ["-1e-131", underflow, underflow],
    ["0e126", overflow, overflow],
    ["0e-131", underflow, underflow],
    ["1e2147483647", overflow, underflow],
    ["1e-2147483647", underflow, underflow],
    ["1e2147483648", overflow, `${notANumber}: 1e2147483648`],
    ["1e99999999999", overflow, `${notANumber}: 1e99999999999`],
    ["1e-99999999999", underflow, `${notANumber}: 1e-99999999999`],
    ["1.5e-2147483647", underflow, `${notANumber}: 1.5e-2147483647`],
    ["1e9223372036854775807", overflow, `${notANumber}: 1e9223372036854775807`],
    ["1e-9223372036854775808", underflow, `${notANumber}: 1e-9223372036854775808`],
    ["1e9223372036854775808", `${notANumber}: 1e9223372036854775808`, `${notANumber}: 1e9223372036854775808`],
    [
      "1e-9223372036854775809",
      `${notANumber}: 1e-9223372036854775809`,
      `${notANumber}: 1e-9223372036854775809`,
    ],
    [`${nines}1`, tooManyDigits, tooManyDigits],
    [`0.${nines}1`, tooManyDigits, tooManyDigits],
    [`1${"0".repeat(37)}1`, tooManyDigits, tooManyDigits],
  ];
  assert.deepEqual(
    refusals.map(([written]) => [
      written,
      refusalOf(() => canonicalNumber(written, "current")),
      refusalOf(() => canonicalNumber(written, "older")),
    ]),
    refusals,
  );
  for (const [written, current] of refusals) {
    assert.equal(
      refusalOf(() => canonicalNumber(written, "enveloped")),
      current,
    );
  }
});

test("hostile texts are refused in time that grows with their length only", () => {
  const million = 1_000_000;
  const started = performance.now();
  for (const wording of ["current", "older"] as const) {
    assert.equal(
      refusalOf(() => canonicalNumber("1".repeat(million), wording)),
      overflow,
    );
    assert.equal(
      refusalOf(() => canonicalNumber(`0.${"0".repeat(million)}1`, wording)),
      underflow,
    );
    assert.equal(
      refusalOf(() => canonicalNumber(`0.${"12".repeat(million)}`, wording)),
      tooManyDigits,
    );
    assert.equal(
      refusalOf(() => canonicalNumber(`1e${"9".repeat(million)}`, wording))?.slice(0, 52),
      notANumber,
    );
    assert.equal(
      refusalOf(() => canonicalNumber(`${"1".repeat(million)}x`, wording))?.slice(0, 52),
      notANumber,
    );
    assert.equal(canonicalNumber(`${"0".repeat(million)}1e${"0".repeat(million)}1`, wording), "10");
    assert.equal(canonicalNumber(`0.${"0".repeat(million)}1e1000001`, wording), "1");
  }
  assert.ok(performance.now() - started < 2_000);
});

test("numbers count the bytes that were measured on the service", () => {
  const sizes: readonly (readonly [written: string, bytes: number])[] = [
    ["1", 2],
    ["12", 2],
    ["123", 3],
    ["1234", 3],
    ["12345", 4],
    ["123456", 4],
    ["1234567", 5],
    ["12345678", 5],
    ["123456789", 6],
    ["1234567891", 6],
    ["12345678912", 7],
    ["123456789123", 7],
    ["1234567890123456789", 11],
    ["12345678901234567890123456789012345678", 20],
    ["0", 1],
    ["-0", 1],
    ["0042", 2],
    ["100", 2],
    ["1010", 3],
    ["0.0000001", 2],
    ["1E125", 2],
    ["1E-100", 2],
    ["1.5", 3],
    ["1.2", 3],
    ["1.200", 3],
    ["1.234", 4],
    ["3.14159", 5],
    ["100.5", 4],
    ["0.15", 2],
    ["15", 2],
    ["-42", 3],
    ["-12345", 5],
    ["-1E125", 3],
    ["-0.15", 3],
  ];
  assert.deepEqual(
    sizes.map(([written]) => [written, numberSize(canonicalNumber(written, "current"))]),
    sizes,
  );
});

test("sums and differences are exact", () => {
  assert.equal(addNumbers("0.1", "0.2"), "0.3");
  assert.equal(addNumbers("1.5", "-1.5"), "0");
  assert.equal(addNumbers("-5", "5"), "0");
  assert.equal(addNumbers("0", "0"), "0");
  assert.equal(subtractNumbers("0", "0"), "0");
  assert.equal(subtractNumbers("1", "-1"), "2");
  assert.equal(addNumbers("999999999999999", "999999999999999"), "1999999999999998");
  assert.equal(addNumbers("9007199254740993", "9007199254740993"), "18014398509481986");
  assert.equal(addNumbers("-0.01", "0.001"), "-0.009");
  assert.equal(subtractNumbers("100000000000000000000", "1"), "99999999999999999999");
});

test("a sum that is no number of the service is refused bare", () => {
  const large = canonicalNumber(`${nines}e88`, "current");
  const least = canonicalNumber("1e-130", "current");
  assert.equal(
    refusalOf(() => addNumbers(large, large)),
    overflow,
  );
  assert.equal(
    refusalOf(() => subtractNumbers(`-${large}`, large)),
    overflow,
  );
  assert.equal(
    refusalOf(() => addNumbers(`1${"0".repeat(50)}`, "1")),
    overflow,
  );
  assert.equal(
    refusalOf(() => addNumbers("1", least)),
    overflow,
  );
  assert.equal(
    refusalOf(() => subtractNumbers(`${least}1`, least)),
    underflow,
  );
  assert.throws(
    () => addNumbers(large, large),
    (error) => !(error instanceof RequestError),
  );
});

test("canonical texts are their own canonical text", () => {
  fc.assert(fc.property(arbitraryNumber, (number) => canonicalNumber(number, "current") === number));
});

test("a canonical text stands for the number that was written", () => {
  const digits = fc.stringMatching(/^\d{0,20}$/);
  fc.assert(
    fc.property(
      digits,
      digits,
      fc.integer({ min: -100, max: 100 }),
      fc.boolean(),
      (whole, fraction, exponent, sign) => {
        fc.pre(whole + fraction !== "");
        const written = `${sign ? "-" : ""}${whole}.${fraction}e${exponent}`;
        const kept = refusalOf(() => canonicalNumber(written, "older"));
        const significant = (whole + fraction).replace(/^0+|0+$/g, "");
        assert.equal(kept, significant.length > 38 ? tooManyDigits : undefined);
        if (kept !== undefined) return;
        const expected =
          BigInt(`${sign ? "-" : ""}0${whole}${fraction}`) * 10n ** BigInt(200 + exponent - fraction.length);
        assert.equal(exact(canonicalNumber(written, "older")), expected);
      },
    ),
  );
});

test("numbers compare as what they stand for", () => {
  fc.assert(
    fc.property(arbitraryNumber, arbitraryNumber, (left, right) => {
      assert.equal(Math.sign(compareNumbers(left, right)), sign(exact(left) - exact(right)));
      assert.equal(compareNumbers(left, left), 0);
    }),
    { numRuns: 1_000 },
  );
});

test("sums and differences agree with integer arithmetic, or need what the service has not", () => {
  fc.assert(
    fc.property(arbitraryNumber, arbitraryNumber, (left, right) => {
      checkResult(() => addNumbers(left, right), exact(left) + exact(right));
      checkResult(() => subtractNumbers(left, right), exact(left) - exact(right));
    }),
    { numRuns: 1_000 },
  );
});

function checkResult(result: () => string, expected: bigint): void {
  const magnitude = expected < 0n ? -expected : expected;
  const fits = magnitude.toString().replace(/0+$/, "").length <= 38 && magnitude < 10n ** 326n;
  const inRange = expected === 0n || magnitude >= 10n ** 70n;
  if (!fits) assert.equal(refusalOf(result), overflow);
  else if (!inRange) assert.equal(refusalOf(result), underflow);
  else assert.equal(exact(result()), expected);
}

/** A plain text times ten to the power of 200. */
function exact(text: string): bigint {
  assert.match(text, /^(0|-?([1-9]\d*|0(?=\.))(\.\d*[1-9])?)$/);
  const [whole = "", fraction = ""] = text.split(".");
  return BigInt(whole + fraction.padEnd(200, "0"));
}

function sign(value: bigint): number {
  if (value === 0n) return 0;
  return value < 0n ? -1 : 1;
}

function refusalOf(action: () => unknown): string | undefined {
  try {
    action();
    return undefined;
  } catch (error) {
    assert.ok(error instanceof Error && error.name === "ValidationException", String(error));
    return error.message;
  }
}
