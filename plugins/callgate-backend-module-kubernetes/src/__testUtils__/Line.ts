import net from 'node:net';

/** A line to a server that can be cut, as by a restart or in the network. */
export class Line {
  readonly #sockets = new Set<net.Socket>();
  readonly #server: net.Server;
  #port = 0;

  constructor(target: string) {
    const { hostname, port } = new URL(target);
    this.#server = net.createServer(socket => {
      const other = net.connect(Number(port), hostname);
      for (const each of [socket, other]) {
        this.#sockets.add(each);
        each.on('error', () => undefined);
        each.on('close', () => {
          this.#sockets.delete(each);
          socket.destroy();
          other.destroy();
        });
      }
      socket.pipe(other).pipe(socket);
    });
  }

  get url(): string {
    return `https://127.0.0.1:${this.#port}`;
  }

  async open(): Promise<void> {
    await new Promise<void>(done =>
      this.#server.listen(this.#port, '127.0.0.1', done),
    );
    this.#port = (this.#server.address() as net.AddressInfo).port;
  }

  async cut(): Promise<void> {
    const closed = new Promise(done => this.#server.close(done));
    this.#sockets.forEach(socket => socket.destroy());
    await closed;
  }
}
