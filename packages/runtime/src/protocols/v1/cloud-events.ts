import { randomUUID } from 'node:crypto';
import { IsvcError } from 'cdk8s-kserve/api';
import { parseJsonBody } from '../parse-json-body';
import type { Call, EventOptions, Operation, ProtocolRequest, Reply, ServerState } from '../protocol';

type Attributes = Readonly<Record<string, string>>;
interface Event {
  readonly mode: 'binary' | 'structured';
  readonly attributes: Attributes;
  readonly data: unknown;
}
/** Answers a request whose body was parsed. */
export type AnswerJson = (call: Call, state: ServerState, json: unknown, request: ProtocolRequest) => Reply | Promise<Reply>;

const STRUCTURED = 'application/cloudevents+json';
const VERSIONS = ['1.0', '0.3'];
const REQUIRED = ['specversion', 'id', 'source', 'type'] as const;

/**
 * Reads CloudEvents in both HTTP modes: headers `ce-*` beside the data, or a JSON object around it. An event is answered with an
 * event of the same mode; an object that only looks like an event is answered plainly, as in KServe.
 *
 * @throws IsvcError ISVC_INPUT_INVALID for an event that lacks an attribute, or of another version.
 */
export function acceptingEvents(answer: AnswerJson): Operation['answer'] {
  return (call, state, body, request) => {
    const event = eventOf(request.headers, body);
    if (!event) return answer(call, state, dataOf(parseJsonBody(body)), request);
    const reply = answer(call, state, event.data, request);
    const wrap = (plain: Reply): Reply => (plain.status === 200 ? eventReply(plain, event, call.model, state.events ?? {}) : plain);
    return reply instanceof Promise ? reply.then(wrap) : wrap(reply);
  };
}

function eventOf(headers: ProtocolRequest['headers'], body: Buffer): Event | undefined {
  if (headers['ce-specversion'] !== undefined) {
    const found = Object.entries(headers).filter(([name, value]) => name.startsWith('ce-') && typeof value === 'string');
    const attributes = Object.fromEntries(found.map(([name, value]) => [name.slice(3), value as string]));
    assertEvent(attributes);
    return { mode: 'binary', attributes, data: parseData(body, headers['content-type']) };
  }
  const type = headers['content-type'];
  if (typeof type !== 'string' || !type.toLowerCase().startsWith(STRUCTURED)) return undefined;
  const json = parseJsonBody(body);
  if (typeof json !== 'object' || json === null || Array.isArray(json)) throw invalid('a structured event is a JSON object');
  const { data, data_base64: base64, ...rest } = json as Record<string, unknown>;
  const attributes = Object.fromEntries(Object.entries(rest).filter((entry): entry is [string, string] => typeof entry[1] === 'string'));
  assertEvent(attributes);
  // Libraries that do not know the data to be JSON send it as text or as bytes.
  const text = base64 === undefined ? (typeof data === 'string' ? Buffer.from(data) : undefined) : fromBase64(base64, data);
  return { mode: 'structured', attributes, data: text ? parseData(text, attributes['datacontenttype']) : data };
}

/** Data is JSON whatever its type says, as bodies without an event are; where it is not, the type says why. */
function parseData(bytes: Buffer, type: string | string[] | undefined): unknown {
  try {
    return parseJsonBody(bytes);
  } catch (error) {
    if (typeof type !== 'string' || /^[^;]*[/+]json\b/i.test(type)) throw error;
    // KServe differs: it hands the bytes to the model.
    throw invalid(`the data is ${JSON.stringify(type.slice(0, 100))}, and models take JSON such as {"instances": [[1, 2]]}`);
  }
}

function fromBase64(text: unknown, data: unknown): Buffer {
  if (data !== undefined) throw invalid('the event has both data and data_base64');
  if (typeof text === 'string' && text.length % 4 === 0 && /^[A-Za-z0-9+/]*={0,2}$/.test(text)) return Buffer.from(text, 'base64');
  throw invalid('data_base64 is not base64');
}

function assertEvent(attributes: Attributes): void {
  const missing = REQUIRED.filter((name) => attributes[name] === undefined || attributes[name] === '');
  if (missing.length > 0) throw invalid(`the event has no ${missing.join(', ')}`);
  const version = attributes['specversion'] as string;
  if (!VERSIONS.includes(version)) throw invalid(`specversion is "${version.slice(0, 20)}"; known are ${VERSIONS.join(' and ')}`);
}

/** The data of an object with everything that an event has, whatever the content type. */
function dataOf(json: unknown): unknown {
  if (typeof json !== 'object' || json === null || !('specversion' in json)) return json;
  return [...REQUIRED, 'time', 'data'].every((name) => name in json) ? (json as { readonly data?: unknown }).data : json;
}

function eventReply(plain: Reply, { mode, attributes }: Event, model: string, { type, source, merge = false }: EventOptions): Reply {
  const { id: _id, time: _time, datacontenttype: _datacontenttype, ...kept } = attributes;
  const answer: Attributes = {
    ...(merge ? kept : {}),
    specversion: merge ? (attributes['specversion'] as string) : '1.0',
    id: randomUUID(),
    source: source ?? `io.kserve.inference.${model}`,
    type: type ?? 'io.kserve.inference.response',
    time: new Date().toISOString(),
  };
  if (mode === 'binary') {
    const headers = Object.fromEntries(Object.entries(answer).map(([name, value]) => [`ce-${name}`, encodeURI(value)]));
    return { ...plain, headers: { ...plain.headers, ...headers } };
  }
  const envelope = JSON.stringify(answer);
  return { ...plain, contentType: STRUCTURED, body: `${envelope.slice(0, -1)},"datacontenttype":"application/json","data":${String(plain.body)}}` };
}

function invalid(problem: string): IsvcError {
  return new IsvcError('ISVC_INPUT_INVALID', `Cloud Event Exceptions: ${problem}`);
}
