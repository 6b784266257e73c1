import { KubeApiError } from 'cdk8s-kserve-controller';

/** Does the same over and over until it is stopped: a stand-in for a controller. Its first failure is what `stop` throws. */
export function repeat(turn: () => Promise<void>, pauseMs = 50): { stop(): Promise<void> } {
  let stopped = false;
  const loop = async (): Promise<void> => {
    while (!stopped) {
      await turn();
      await new Promise((resolve) => setTimeout(resolve, pauseMs));
    }
  };
  const running = loop().then(() => undefined, (error: unknown) => error as Error);
  return {
    stop: async () => {
      stopped = true;
      const error = await running;
      if (error) throw error;
    },
  };
}

/** Lets pass that somebody else was faster; the next turn sees what they did. */
export function unlessOvertaken(error: unknown): void {
  if (!(error instanceof KubeApiError) || !([404, 409].includes(error.statusCode) || isEnding(error))) throw error;
}

/** A namespace of the test file before this one may be on its way out. */
function isEnding(error: KubeApiError): boolean {
  return error.statusCode === 403 && error.message.includes('because it is being terminated');
}
