import { normalCdf } from '../expressions/normal-distribution';

/** Inverse link functions by their names in PMML: from a linear predictor to a mean or a probability. */
export const INVERSE_LINKS = {
  none: (y: number): number => y,
  identity: (y: number): number => y,
  logit: (y: number): number => 1 / (1 + Math.exp(-y)),
  probit: (y: number): number => normalCdf(y, 0, 1),
  cloglog: (y: number): number => 1 - Math.exp(-Math.exp(y)),
  loglog: (y: number): number => Math.exp(-Math.exp(-y)),
  cauchit: (y: number): number => 0.5 + Math.atan(y) / Math.PI,
  exp: (y: number): number => Math.exp(y),
  log: (y: number): number => Math.exp(y),
  logc: (y: number): number => 1 - Math.exp(y),
} as const;

export type LinkName = keyof typeof INVERSE_LINKS;
