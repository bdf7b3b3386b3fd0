// An API server of Kubernetes with a store of its own, both in this process: it is there to be asked which objects it
// takes. It prints one JSON line when it answers, and ends when standard input does; README.md says more.
package main

import (
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"sync"
	"syscall"
	"time"

	"k8s.io/klog/v2"
)

// patience bounds how long anything may take to start.
const patience = 60 * time.Second

// Ready is the line that says where it answers.
type Ready struct {
	URL string `json:"url"`
	// Token of a member of system:masters: it may do everything.
	Token string `json:"token"`
	// CA is the certificate, in PEM, that the server's own follows from.
	CA      string `json:"ca"`
	Version string `json:"version"`
	// Folder has everything that there is on disk: for those who have to end this process by force.
	Folder string `json:"folder"`
}

func main() {
	// Nothing but the line goes to standard output.
	answers := os.Stdout
	os.Stdout = os.Stderr
	keep := flag.String("keep", "", "a folder where everything stays, to be started in again")
	services := flag.String("services", "10.0.0.0/16", "the range of the Services' addresses")
	flag.Parse()
	folder, err := folderOf(*keep)
	if err != nil {
		fail(err)
	}
	var once sync.Once
	end := func(status int) {
		once.Do(func() {
			if *keep == "" {
				removeAll(folder)
			}
			os.Exit(status)
		})
		// Whoever comes second waits for the end.
		select {}
	}
	klog.OsExit = end
	// Commands come when it answers; that nobody needs it any more is known from the first moment.
	commands, input := io.Pipe()
	go func() {
		waitForEnd(input)
		end(0)
	}()
	if err := serve(folder, *services, commands, answers, end); err != nil {
		fmt.Fprintln(os.Stderr, "apiserver:", err)
		end(1)
	}
	end(0)
}

// folderOf gives the folder to keep, or a new one.
func folderOf(keep string) (string, error) {
	if keep == "" {
		return os.MkdirTemp("", "conformance-apiserver-")
	}
	return keep, os.MkdirAll(keep, 0o700)
}

// serve prints the line when the server is ready, and comes back only with the reason why it is no longer.
func serve(folder, services string, commands io.Reader, answers io.Writer, end func(int)) error {
	keys, err := findCredentials(folder)
	if err != nil {
		return fmt.Errorf("make keys: %w", err)
	}
	shown, err := issueServing(folder)
	if err != nil {
		return fmt.Errorf("make its certificate: %w", err)
	}
	store, err := startStore(folder, end)
	if err != nil {
		return fmt.Errorf("start etcd: %w", err)
	}
	server, err := startServer(folder, services, store.url, keys, shown)
	if err != nil {
		return fmt.Errorf("start kube-apiserver: %w", err)
	}
	if err := server.untilReady(keys.token); err != nil {
		return err
	}
	line, err := json.Marshal(Ready{
		URL: server.url, Token: keys.token, CA: server.ca, Version: server.version, Folder: folder,
	})
	if err != nil {
		return err
	}
	if _, err := fmt.Fprintf(answers, "%s\n", line); err != nil {
		return err
	}
	go obey(store.url, commands, answers)
	select {
	case err = <-server.ended:
	case err = <-store.ended:
	}
	return errors.Join(errors.New("ended by itself"), err)
}

// waitForEnd hands on what standard input says, and comes back when nobody needs this process any more.
func waitForEnd(input io.Writer) {
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, syscall.SIGTERM, syscall.SIGINT, syscall.SIGHUP)
	closed := make(chan struct{})
	go func() {
		defer close(closed)
		_, _ = io.Copy(input, os.Stdin)
	}()
	select {
	case <-signals:
	case <-closed:
	}
}

// removeAll removes the folder although etcd may still write there, or only begin to: nothing of it is needed, so nothing is closed in
// order. What is gone may come back once while it starts, so it has to stay away.
func removeAll(folder string) {
	away := 0
	for range 100 {
		if os.RemoveAll(folder) == nil {
			away++
		} else {
			away = 0
		}
		if away == 3 {
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
}

func fail(err error) {
	fmt.Fprintln(os.Stderr, "apiserver:", err)
	os.Exit(1)
}
