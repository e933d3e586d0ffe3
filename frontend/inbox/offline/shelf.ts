/**
 * A small key-value shelf in IndexedDB: what must survive a closed tab (drafts, writes not yet sent).
 * Where IndexedDB is refused (private windows, full disk) it lives in memory only, and says so once.
 */
export interface Shelf<T> {
  get(key: string): Promise<T | undefined>;
  put(key: string, value: T): Promise<void>;
  remove(key: string): Promise<void>;
  all(): Promise<T[]>;
}

export const SHELVES = ["drafts", "outbox"] as const;

function openDatabase(name: string): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const opening = indexedDB.open(name, 1);
    opening.onupgradeneeded = () => {
      for (const shelf of SHELVES) opening.result.createObjectStore(shelf);
    };
    opening.onsuccess = () => resolve(opening.result);
    opening.onerror = () => reject(opening.error ?? new Error("IndexedDB is not available."));
  });
}

const settled = <R>(request: IDBRequest<R>): Promise<R> =>
  new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error ?? new Error("IndexedDB refused."));
  });

export function memoryShelf<T>(): Shelf<T> {
  const values = new Map<string, T>();
  return {
    get: async (key) => values.get(key),
    put: async (key, value) => void values.set(key, value),
    remove: async (key) => void values.delete(key),
    all: async () => [...values.values()],
  };
}

/** `owner` keeps two people on one machine, and two workspaces of one person, apart. */
export function openShelf<T>(owner: string, shelf: (typeof SHELVES)[number]): Shelf<T> {
  const fallback = memoryShelf<T>();
  const database = typeof indexedDB === "undefined" ? Promise.reject(new Error("no IndexedDB")) : openDatabase(`helpdesk-${owner}`);
  database.catch(() => console.warn("Drafts are kept on the server only: this browser gives no local storage."));
  const use = async <R>(mode: IDBTransactionMode, work: (store: IDBObjectStore) => IDBRequest<R>, otherwise: () => Promise<R>): Promise<R> => {
    try {
      return await settled(work((await database).transaction(shelf, mode).objectStore(shelf)));
    } catch {
      return otherwise();
    }
  };
  return {
    get: (key) => use("readonly", (store) => store.get(key) as IDBRequest<T | undefined>, () => fallback.get(key)),
    put: async (key, value) => void (await use("readwrite", (store) => store.put(value, key) as IDBRequest<unknown>, () => fallback.put(key, value))),
    remove: async (key) => void (await use("readwrite", (store) => store.delete(key) as IDBRequest<unknown>, () => fallback.remove(key))),
    all: () => use("readonly", (store) => store.getAll() as IDBRequest<T[]>, () => fallback.all()),
  };
}
