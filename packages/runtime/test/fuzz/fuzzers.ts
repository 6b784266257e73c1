import type { Fuzzer } from './fuzzer';
import { GRPC_MESSAGES } from './grpc-messages';
import { HTTP1_BYTES } from './http1-bytes';
import { HTTP2_BYTES } from './http2-bytes';
import { HTTP2_FLOODS } from './http2-floods';
import { REST_FUZZERS } from './rest-messages';

/** One for every protocol of the model server. */
export const FUZZERS: readonly Fuzzer[] = [...REST_FUZZERS, HTTP1_BYTES, GRPC_MESSAGES, HTTP2_BYTES, HTTP2_FLOODS];
