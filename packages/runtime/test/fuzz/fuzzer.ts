import type { Random } from '../support/fuzz';

/** The server that is tried, in this process or another. */
export interface FuzzTarget {
  readonly port: number;
  /** Connections that are open, on whichever side this process can see. */
  connections(): Promise<number>;
}

/** Makes hostile input for one protocol. */
export interface Fuzzer {
  readonly protocol: string;
  /** Inputs that cases are damaged copies of, or ways of attack. */
  readonly seeds: number;
  /** Cases that are sent together. @default 1 */
  readonly atOnce?: number;
  /** For how long a connection of HTTP/2 may be silent. @default 300 */
  readonly idleSeconds?: number;
  connect(target: FuzzTarget): FuzzClient;
}

export interface FuzzClient {
  /**
   * Sends one case.
   *
   * @throws Error where the answer is none that a client may get; {@link Hang} where none comes.
   */
  send(random: Random, number: number): Promise<Outcome>;
  /** Asks something correct: on the same connection where that has to go on. @throws Error, {@link Hang} */
  works(): Promise<void>;
  close(): void;
}

export interface Outcome {
  /** A status, or how the connection ended. */
  readonly answer: string;
  /** Whether the connection went on. */
  readonly kept: boolean;
  readonly refused: boolean;
}

/** Nothing came within the time that a server may take. */
export class Hang extends Error {}
