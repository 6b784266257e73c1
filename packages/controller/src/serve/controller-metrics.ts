import { Counter, Gauge, Histogram, Registry, collectDefaultMetrics } from 'prom-client';

/** What the controller counts about itself, in Prometheus' words. */
export class ControllerMetrics {
  readonly registry = new Registry();
  private readonly requests: Counter<'verb' | 'kind' | 'code'>;
  private readonly reconciles: Histogram<'result'>;

  constructor() {
    const registers = [this.registry];
    collectDefaultMetrics({ register: this.registry });
    this.requests = new Counter({ name: 'isvc_controller_api_requests_total', help: 'Requests to the API server by verb, kind and HTTP status (0: no answer).', labelNames: ['verb', 'kind', 'code'], registers });
    this.reconciles = new Histogram({
      name: 'isvc_controller_reconcile_seconds', help: 'Time to look at one service, by result (ok, error).', labelNames: ['result'],
      buckets: [0.001, 0.005, 0.02, 0.1, 0.5, 2, 10, 60], registers,
    });
  }

  request(verb: string, kind: string, code: number): void {
    this.requests.inc({ verb, kind, code: String(code) });
  }

  reconciled(result: 'ok' | 'error', seconds: number): void {
    this.reconciles.observe({ result }, seconds);
  }

  /** A value that is read when somebody asks. */
  gauge(name: string, help: string, read: () => number): void {
    new Gauge({ name, help, registers: [this.registry], collect() { this.set(read()); } });
  }

  text(): Promise<string> {
    return this.registry.metrics();
  }
}
