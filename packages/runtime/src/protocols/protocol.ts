import type { ModelRepository } from '../model/model-repository';
import type { ServerMetrics } from '../metrics/server-metrics';
import type { ServedModel } from '../server/served-model';

/** Attributes of the CloudEvents that answer CloudEvents. */
export interface EventOptions {
  /** @default 'io.kserve.inference.response' */
  readonly type?: string;
  /** @default 'io.kserve.inference.MODEL' */
  readonly source?: string;
  /** Whether the answer keeps the attributes of the request's event but its id and time. @default false */
  readonly merge?: boolean;
}

/** What a protocol may see of the server that carries it. */
export interface ServerState {
  /** Models that can be asked; those of `repository`, for the request's way, which has to be short. */
  readonly models: ReadonlyMap<string, ServedModel>;
  readonly repository: ModelRepository;
  readonly metrics?: ServerMetrics;
  /** Metrics of this process and the others that serve the same port. @default - there are no others */
  readonly scrapeAll?: () => Promise<readonly (readonly object[])[]>;
  /** Whether `/docs` has the try-it page. @default false */
  readonly docs?: boolean;
  /** Whether clients may list, load and unload models. @default false */
  readonly repositoryApi?: boolean;
  /** Attributes of CloudEvents in answers. @default {} */
  readonly events?: EventOptions;
  /** True from SIGTERM on: readiness says no, requests are still answered. */
  readonly draining: boolean;
}

/** What a protocol may see of a request besides its body; a Node request fits, and parses its headers only when asked. */
export interface ProtocolRequest {
  readonly headers: Readonly<NodeJS.Dict<string | string[]>>;
  /** Aborted when the client left or the time for the request is over. */
  readonly signal?: AbortSignal;
}

export interface Reply {
  readonly status: number;
  readonly contentType: string;
  /** Text, or the bytes of an answer with binary tensors. */
  readonly body: string | Uint8Array;
  /** Sent beside those that every answer has; names are lower case. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Seconds after which the same request may succeed. */
  readonly retryAfter?: number;
}

/** One thing a client can ask for. */
export interface Operation {
  readonly method: 'GET' | 'POST';
  /**
   * @param body the whole request body; empty for GET.
   * @throws IsvcError; the server turns it into a status by one table.
   */
  answer(call: Call, state: ServerState, body: Buffer, request: ProtocolRequest): Reply | Promise<Reply>;
}

/** An operation with what its path says. `model` is empty where the path names none. */
export interface Call {
  readonly operation: Operation;
  readonly model: string;
  readonly version?: string;
}

/**
 * A wire protocol is one folder that exports one of these. It knows nothing of sockets: another transport (gRPC, a test)
 * can carry it, and a protocol is added by one line in `protocols.ts`.
 */
export interface Protocol {
  readonly name: string;
  /**
   * The operation at a path, whatever the method, so that the server can answer 405 with the right one; the method only
   * decides where one path means two things.
   *
   * @param path without the query string.
   * @returns `undefined` where the path is not this protocol's.
   */
  match(method: string, path: string): Call | undefined;
}
