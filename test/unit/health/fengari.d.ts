// fengari comes without types; these are the functions of Lua's C API that the health tests use.
declare module 'fengari' {
  export interface LuaState { readonly luaState: unique symbol }
  export const lauxlib: { luaL_newstate(): LuaState; luaL_dostring(state: LuaState, code: Uint8Array): number };
  export const lualib: { luaL_openlibs(state: LuaState): void };
  export function to_luastring(text: string): Uint8Array;
  export const lua: {
    readonly LUA_OK: number;
    lua_setglobal(state: LuaState, name: Uint8Array): void;
    lua_getfield(state: LuaState, index: number, name: Uint8Array): void;
    lua_settable(state: LuaState, index: number): void;
    lua_newtable(state: LuaState): void;
    lua_pushnil(state: LuaState): void;
    lua_pushboolean(state: LuaState, value: boolean): void;
    lua_pushnumber(state: LuaState, value: number): void;
    lua_pushstring(state: LuaState, value: Uint8Array): void;
    lua_tojsstring(state: LuaState, index: number): string;
    lua_pop(state: LuaState, count: number): void;
  };
}
