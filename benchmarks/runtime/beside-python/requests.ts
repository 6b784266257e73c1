import { jsonPost } from '../../support/load';

/** Of the iris data; the last one is a versicolor. */
const ROWS = [[5.1, 3.5, 1.4, 0.2], [6.3, 3.3, 6, 2.5], [6.8, 2.8, 4.8, 1.4]];

export const MODELS = ['svc', 'forest', 'xgboost', 'lightgbm'] as const;

/** Knows one answer, so that all there is to measure is reading and writing. */
export const CONSTANT = 'constant';

export interface Case {
  readonly name: string;
  readonly protocol: 'v1' | 'v2';
  readonly model: (typeof MODELS)[number] | typeof CONSTANT;
  readonly request: Buffer;
  readonly connections: readonly number[];
}

export const ONE_ROW = [ROWS[2] as number[]];

/** A thousand rows, all three kinds in turn. */
export const MANY_ROWS = Array.from({ length: 1000 }, (_, i) => ROWS[i % 3] as number[]);

export function v1Request(rows: readonly (readonly number[])[]): Buffer {
  return jsonPost('/v1/models/m:predict', JSON.stringify({ instances: rows }));
}

export function v2Request(rows: readonly (readonly number[])[]): Buffer {
  return jsonPost('/v2/models/m/infer', JSON.stringify({ id: '1', inputs: [{ name: 'input-0', shape: [rows.length, 4], datatype: 'FP64', data: rows.flat() }] }));
}

/** The same as binary tensors in both directions. */
export function binaryRequest(rows: readonly (readonly number[])[]): Buffer {
  const tensor = Buffer.from(Float64Array.from(rows.flat()).buffer);
  const json = JSON.stringify({ id: '1', parameters: { binary_data_output: true }, inputs: [{ name: 'input-0', shape: [rows.length, 4], datatype: 'FP64', parameters: { binary_data_size: tensor.length } }] });
  const head = `POST /v2/models/m/infer HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/octet-stream\r\ninference-header-content-length: ${json.length}\r\ncontent-length: ${json.length + tensor.length}\r\n\r\n`;
  return Buffer.concat([Buffer.from(head + json), tensor]);
}

export function grpcRequest(rows: readonly (readonly number[])[]): object {
  return { model_name: 'm', inputs: [{ name: 'input-0', datatype: 'FP64', shape: [rows.length, 4], contents: { fp64_contents: rows.flat() } }] };
}

export const JSON_CASES: readonly Case[] = [
  { name: 'V1 one row, SVC', protocol: 'v1', model: 'svc', request: v1Request(ONE_ROW), connections: [1, 32] },
  { name: 'V2 one row, SVC', protocol: 'v2', model: 'svc', request: v2Request(ONE_ROW), connections: [1, 32] },
  { name: 'V1 one row, forest', protocol: 'v1', model: 'forest', request: v1Request(ONE_ROW), connections: [1, 32] },
  { name: 'V2 1,000 rows, SVC', protocol: 'v2', model: 'svc', request: v2Request(MANY_ROWS), connections: [32] },
  { name: 'V2 1,000 rows, forest', protocol: 'v2', model: 'forest', request: v2Request(MANY_ROWS), connections: [32] },
  { name: 'V1 one row, XGBoost', protocol: 'v1', model: 'xgboost', request: v1Request(ONE_ROW), connections: [32] },
  { name: 'V2 1,000 rows, XGBoost', protocol: 'v2', model: 'xgboost', request: v2Request(MANY_ROWS), connections: [32] },
  { name: 'V1 one row, LightGBM', protocol: 'v1', model: 'lightgbm', request: v1Request(ONE_ROW), connections: [32] },
  { name: 'V2 1,000 rows, LightGBM', protocol: 'v2', model: 'lightgbm', request: v2Request(MANY_ROWS), connections: [32] },
];
