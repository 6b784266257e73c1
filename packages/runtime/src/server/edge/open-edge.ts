import type { Log } from '../../process/log';
import type { ServerOptions } from '../server-options';
import { openBearerTokens } from './bearer-token';
import type { EdgeOptions } from './edge';
import { requestSpans } from './request-spans';
import { createSpanExporter } from './span-exporter';

/** What stands before the protocols of one server, with what it holds open. */
export interface OpenEdge extends EdgeOptions {
  close(): Promise<void>;
}

/** @throws IsvcError ISVC_SERVER_OPTION for a token file that cannot be used. */
export function openEdge({ bearerTokenFile, accessLog, otlp }: ServerOptions, log: Log): OpenEdge {
  const tokens = bearerTokenFile === undefined ? undefined : openBearerTokens(bearerTokenFile, log);
  const exporter = otlp ? createSpanExporter({ ...otlp, log }) : undefined;
  return {
    tokens,
    accessLog,
    spans: exporter && requestSpans(exporter),
    close: async () => {
      tokens?.close();
      await exporter?.close();
    },
  };
}
