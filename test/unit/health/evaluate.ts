import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Environment } from '@marcbachmann/cel-js';
import { lauxlib, lua, lualib, to_luastring, type LuaState } from 'fengari';
import { parse } from 'yaml';
import type { KubeObject } from '../../../src/api';

const FOLDER = join(__dirname, '../../../health');

export interface ArgoHealth {
  readonly status: string;
  readonly message: string;
}

/** What Argo CD would show: the script run by a Lua machine, with the object in the global `obj`. */
export function argoHealth(object: KubeObject): ArgoHealth {
  const state = lauxlib.luaL_newstate();
  lualib.luaL_openlibs(state);
  push(state, object);
  lua.lua_setglobal(state, to_luastring('obj'));
  if (lauxlib.luaL_dostring(state, to_luastring(readFileSync(join(FOLDER, 'argo-cd.lua'), 'utf8'))) !== lua.LUA_OK) {
    throw new Error(lua.lua_tojsstring(state, -1));
  }
  const field = (name: string): string => {
    lua.lua_getfield(state, -1, to_luastring(name));
    const text = lua.lua_tojsstring(state, -1);
    lua.lua_pop(state, 1);
    return text;
  };
  return { status: field('status'), message: field('message') };
}

function push(state: LuaState, value: unknown): void {
  if (value === null || value === undefined) lua.lua_pushnil(state);
  else if (typeof value === 'boolean') lua.lua_pushboolean(state, value);
  else if (typeof value === 'number') lua.lua_pushnumber(state, value);
  else if (typeof value === 'string') lua.lua_pushstring(state, to_luastring(value));
  else {
    lua.lua_newtable(state);
    const entries: [number | string, unknown][] = Array.isArray(value) ? value.map((item: unknown, i) => [i + 1, item]) : Object.entries(value);
    for (const [key, item] of entries) {
      push(state, key);
      push(state, item);
      lua.lua_settable(state, -3);
    }
  }
}

type Phase = 'inProgress' | 'failed' | 'current';
type Expressions = { readonly apiVersion: string; readonly kind: string } & Readonly<Record<Phase, string>>;

/** What Flux would take it for: the first expression that holds, in its order; one that cannot be evaluated is waited for. */
export function fluxHealth(object: KubeObject): Phase | 'unknown' {
  const { spec } = parse(readFileSync(join(FOLDER, 'flux.yaml'), 'utf8')) as { readonly spec: { readonly healthCheckExprs: readonly Expressions[] } };
  const found = spec.healthCheckExprs.find((e) => e.apiVersion === object.apiVersion && e.kind === object.kind);
  if (!found) throw new Error(`no expressions for ${object.kind}`);
  const environment = new Environment().registerVariable('status', 'dyn').registerVariable('metadata', 'dyn');
  const { metadata, status } = asCel(object) as { readonly metadata: unknown; readonly status: unknown };
  for (const phase of ['inProgress', 'failed', 'current'] as const) {
    try {
      if (environment.evaluate(found[phase], { metadata, status }) === true) return phase;
    } catch {
      return 'inProgress';
    }
  }
  return 'unknown';
}

function asCel(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(asCel);
  if (typeof value === 'object' && value !== null) return Object.fromEntries(Object.entries(value).map(([k, v]) => [k, asCel(v)]));
  return typeof value === 'number' && Number.isInteger(value) ? BigInt(value) : value;
}
