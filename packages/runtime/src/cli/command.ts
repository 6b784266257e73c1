/** What a command may touch of the process it runs in, so that tests can run it without one. */
export interface CommandContext {
  readonly env: NodeJS.ProcessEnv;
  /** Text the user asked for, such as help. */
  print(text: string): void;
}

/** One subcommand of `isvc-runtime`. */
export interface Command {
  readonly usage: string;
  /**
   * @returns the exit code.
   * @throws IsvcError; the caller prints its line and chooses the code (2 for usage, else 1).
   */
  run(args: readonly string[], context: CommandContext): Promise<number>;
}
