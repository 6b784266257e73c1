import { isAllowedGlobal } from './allowed-globals';

/** Modules through which the pickles of attackers run something, and what that is. */
const DANGEROUS: readonly (readonly [module: RegExp, what: string])[] = [
  [/^(os|posix|nt|subprocess|pty|commands|popen2|platform)$/, 'starts programs'],
  [/^(builtins|__builtin__|codeop|code|runpy|pdb|timeit|cProfile|profile|trace|bdb)$/, 'runs code or reaches for more'],
  [/^(importlib|imp|pkgutil|zipimport|sys|ctypes|cffi|operator|types|marshal|pickle|_pickle|dill|cloudpickle)(\.|$)/, 'loads code or reaches for more'],
  [/^(socket|ssl|http|urllib|requests|ftplib|smtplib|asyncio|webbrowser|aiohttp|httpx)(\.|$)/, 'talks to the network'],
  [/^(shutil|io|pathlib|tempfile|glob|fileinput|linecache)$/, 'reads or changes files'],
];

/** @returns why a model file may not name this; undefined where it may. */
export function refusalOfName(module: string, name: string): string | undefined {
  if (isAllowedGlobal(module, name)) return undefined;
  const known = DANGEROUS.find(([pattern]) => pattern.test(module));
  if (known) return `${known[1]} when Python opens the file`;
  if (module === '__main__') return 'a class or function of the script that wrote the file';
  if (/^(torch|tensorflow|keras)(\.|$)/.test(module)) return 'a neural network; export it as ONNX';
  return 'not on the allow-list';
}
