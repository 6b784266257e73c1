export declare function freePort(): Promise<number>;
export declare function freePorts(count: number): Promise<readonly number[]>;
export declare function portIsFree(port: number): Promise<boolean>;
