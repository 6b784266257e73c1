import { SERVER_PORT, type ComponentExtension } from '../../api';

export interface Wiring {
  readonly modelName: string;
  /** Host of the predictor Service, `name.namespace`. */
  readonly predictorHost: string;
  readonly extension: ComponentExtension;
}

/**
 * Arguments that tell a transformer or explainer whom it serves and whom it asks, unless it has been told. Only flags
 * that are not there yet are added, so an image with its own idea keeps it.
 */
export function wireComponent(args: readonly string[], { modelName, predictorHost, extension }: Wiring): readonly string[] {
  const { containerConcurrency } = extension;
  const wanted: readonly (readonly [string, string])[] = [
    ['--model_name', modelName],
    ['--predictor_host', predictorHost],
    ['--http_port', String(SERVER_PORT)],
    ...(containerConcurrency === undefined ? [] : ([['--workers', String(containerConcurrency)]] as const)),
  ];
  return [...args, ...wanted.filter(([flag]) => !args.some((a) => a.startsWith(flag))).flat()];
}
