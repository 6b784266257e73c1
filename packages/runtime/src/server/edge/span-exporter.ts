import { messageOf } from 'cdk8s-kserve/api';
import type { Log } from '../../process/log';
import { RUNTIME_VERSION } from '../../version';
import type { TraceContext } from './trace-context';

/** A finished server span. */
export interface Span extends TraceContext {
  readonly parentId?: string;
  readonly name: string;
  /** Milliseconds since 1970. */
  readonly startMs: number;
  readonly durationMs: number;
  readonly failed: boolean;
  readonly attributes: Readonly<Record<string, string | number>>;
}

export interface SpanExporter {
  add(span: Span): void;
  /** Sends what is left. */
  close(): Promise<void>;
}

export interface SpanExporterOptions {
  /** Base address of an OTLP/HTTP receiver, such as `http://otel-collector:4318`. */
  readonly endpoint: string;
  readonly serviceName: string;
  readonly log: Log;
  /** @default 2000 */
  readonly intervalMs?: number;
}

/** Spans kept while the receiver is slow; more are dropped, because a model server is not a buffer for telemetry. */
const MAX_PENDING = 2048;
const SEND_TIMEOUT_MS = 5000;

/**
 * Sends spans to an OpenTelemetry collector as OTLP over HTTP with JSON. It is our own because one span a request needs
 * 80 lines, while the official packages take longer to load than a model does.
 */
export function createSpanExporter({ endpoint, serviceName, log, intervalMs = 2000 }: SpanExporterOptions): SpanExporter {
  const url = `${endpoint.replace(/\/+$/, '')}/v1/traces`;
  let pending: Span[] = [];
  let warned = false;
  const flush = async (): Promise<void> => {
    if (pending.length === 0) return;
    const spans = pending;
    pending = [];
    try {
      const answer = await fetch(url, {
        method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(documentOf(serviceName, spans)), signal: AbortSignal.timeout(SEND_TIMEOUT_MS),
      });
      await answer.arrayBuffer();
      if (!answer.ok) throw new Error(`it answered ${answer.status}`);
      warned = false;
    } catch (error) {
      // Once, not every two seconds: spans are lost, requests are not.
      if (!warned) log.warn(`${spans.length} span(s) could not be sent to the OpenTelemetry endpoint: ${messageOf(error)}`);
      warned = true;
    }
  };
  const timer = setInterval(() => void flush(), intervalMs).unref();
  return {
    add: (span) => {
      if (pending.length < MAX_PENDING) pending.push(span);
    },
    close: () => {
      clearInterval(timer);
      return flush();
    },
  };
}

const SERVER_KIND = 2;
const STATUS_ERROR = 2;

function documentOf(serviceName: string, spans: readonly Span[]): unknown {
  return {
    resourceSpans: [{
      resource: { attributes: [attribute('service.name', serviceName)] },
      scopeSpans: [{ scope: { name: 'cdk8s-kserve-runtime', version: RUNTIME_VERSION }, spans: spans.map(spanOf) }],
    }],
  };
}

function spanOf({ traceId, spanId, parentId, name, startMs, durationMs, failed, attributes }: Span): unknown {
  const start = BigInt(startMs) * 1_000_000n;
  return {
    traceId,
    spanId,
    ...(parentId ? { parentSpanId: parentId } : {}),
    name,
    kind: SERVER_KIND,
    startTimeUnixNano: String(start),
    endTimeUnixNano: String(start + BigInt(Math.round(durationMs * 1e6))),
    attributes: Object.entries(attributes).map(([key, value]) => attribute(key, value)),
    status: failed ? { code: STATUS_ERROR } : {},
  };
}

function attribute(key: string, value: string | number): unknown {
  return { key, value: typeof value === 'number' ? { intValue: String(value) } : { stringValue: value } };
}
