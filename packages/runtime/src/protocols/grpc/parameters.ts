import type { MessageReader } from './message-reader';
import type { MessageWriter } from './message-writer';

export type Parameters = Readonly<Record<string, string | number | boolean>>;

/** Reads an entry of a map of `InferParameter`. */
export function readParameter(entry: MessageReader, into: Record<string, string | number | boolean>): void {
  let key = '';
  let value: string | number | boolean | undefined;
  while (entry.next()) {
    if (entry.field === 1) key = entry.text();
    else if (entry.field === 2) value = readValue(entry.message());
  }
  // Not by assignment: a key may be `__proto__`.
  if (value !== undefined) Object.defineProperty(into, key, { value, enumerable: true, configurable: true, writable: true });
}

function readValue(reader: MessageReader): string | number | boolean | undefined {
  let value: string | number | boolean | undefined;
  while (reader.next()) {
    if (reader.field === 1) value = reader.bool();
    else if (reader.field === 2) value = reader.int();
    else if (reader.field === 3) value = reader.text();
    else if (reader.field === 4) value = reader.double();
    else if (reader.field === 5) value = Number(reader.uint64());
  }
  return value;
}

/** Writes a map of `InferParameter`; what is none of its types goes as JSON text. */
export function writeParameters(message: MessageWriter, field: number, parameters: Readonly<Record<string, unknown>> | undefined): void {
  for (const [key, value] of Object.entries(parameters ?? {})) {
    message.message(field, (entry) => entry.text(1, key).message(2, (parameter) => {
      // Members of a oneof are written whatever their value.
      if (typeof value === 'boolean') parameter.member(1, value ? 1 : 0);
      else if (Number.isSafeInteger(value)) parameter.member(2, value as number);
      else if (typeof value === 'number') parameter.double(4, value);
      else parameter.content(3, Buffer.from(typeof value === 'string' ? value : JSON.stringify(value) ?? 'null'));
    }));
  }
}
