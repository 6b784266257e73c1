import { compileDocument } from '../../../src/formats/pmml/compile-document';
import { readXml } from '../../../src/formats/pmml/xml/read-xml';
import { verify } from '../../../src/formats/pmml/verify';
import { pmmlAnswers, pmmlBytes, pmmlNames } from '../../support/pmml-fixtures';

/** Relative; documents that compute in floats are bound to them. */
const TOLERANCE = 1e-6;

describe.each(pmmlNames())('%s', (name) => {
  const { inputs, rows, answers } = pmmlAnswers(name);
  const document = compileDocument(readXml(pmmlBytes(name), `${name}.pmml`));

  // It calls the target None where the document names none.
  const keysOf = (answer: object): readonly string[] => Object.keys(answer).filter((key) => key !== 'None');

  test('takes the fields in the order that JPMML-Evaluator has', () => {
    expect(document.inputs.map((field) => field.name)).toEqual(inputs);
  });

  test('answers as JPMML-Evaluator does', () => {
    expect(rows.length).toBeGreaterThanOrEqual(200);
    const wrong: string[] = [];
    rows.forEach((row, i) => {
      const expected = answers[i] ?? {};
      const found = answerOf(row);
      // JPMML-Evaluator throws for a missing value in some places and gives no value in others; here there is no value.
      if (typeof expected['error'] === 'string') {
        if (Object.values(found).every((value) => value !== undefined) && !('error' in found)) wrong.push(`row ${i} ${JSON.stringify(row)}: ${JSON.stringify(found)} instead of an error`);
        return;
      }
      for (const key of new Set([...keysOf(expected), ...keysOf(found)])) {
        if (!near(found[key] ?? null, expected[key] ?? null)) wrong.push(`row ${i} ${JSON.stringify(row)} ${key}: ${String(found[key])} instead of ${String(expected[key])}`);
      }
    });
    expect(wrong.slice(0, 3)).toEqual([]);
  });

  test('agrees with its own verification', () => {
    expect(() => verify(document)).not.toThrow();
  });

  function answerOf(row: Readonly<Record<string, unknown>>): Record<string, unknown> {
    try {
      const values = document.evaluate(inputs.map((input) => (row[input] ?? undefined) as string | number | undefined));
      return Object.fromEntries(document.answers.map((answer, i) => [answer.name, values[i]]));
    } catch {
      return { error: 'refused' };
    }
  }
});

function near(found: unknown, expected: unknown): boolean {
  if (typeof found !== 'number' || typeof expected !== 'number') return found === expected;
  return Math.abs(found - expected) <= TOLERANCE * Math.max(Math.abs(expected), 1e-6);
}
