package main

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"

	clientv3 "go.etcd.io/etcd/client/v3"
	"k8s.io/apiserver/pkg/storage/etcd3"
)

// compactRevKey is the key by which API servers tell each other what is compacted (k8s.io/apiserver, storage/etcd3).
const compactRevKey = "compact_rev_key"

// obey does what lines of standard input say, until it ends: `compact` makes the store forget what was before now, as API servers
// have it do every five minutes, and is answered by a line that says up to which version.
func obey(storeURL string, input io.Reader, answers io.Writer) {
	for lines := bufio.NewScanner(input); lines.Scan(); {
		if lines.Text() != "compact" {
			fmt.Fprintf(os.Stderr, "apiserver: there is no command %q\n", lines.Text())
			continue
		}
		revision, err := compact(storeURL)
		answer := map[string]any{"compacted": revision}
		if err != nil {
			answer = map[string]any{"error": err.Error()}
		}
		line, _ := json.Marshal(answer)
		fmt.Fprintf(answers, "%s\n", line)
	}
}

func compact(storeURL string) (int64, error) {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	client, err := clientv3.New(clientv3.Config{Endpoints: []string{storeURL}})
	if err != nil {
		return 0, err
	}
	defer client.Close()
	known, err := client.Get(ctx, compactRevKey)
	if err != nil {
		return 0, err
	}
	var version int64
	if len(known.Kvs) > 0 {
		version = known.Kvs[0].Version
	}
	// Through the key, so that the API server drops what its caches have of that time.
	_, _, revision, err := etcd3.Compact(ctx, client, version, known.Header.Revision)
	return revision, err
}
