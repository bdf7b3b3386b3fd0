package main

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"time"

	"github.com/spf13/pflag"
	utilerrors "k8s.io/apimachinery/pkg/util/errors"
	genericoptions "k8s.io/apiserver/pkg/server/options"
	utilversion "k8s.io/component-base/version"
	"k8s.io/kubernetes/cmd/kube-apiserver/app"
	"k8s.io/kubernetes/cmd/kube-apiserver/app/options"
)

// server is a kube-apiserver in this process.
type server struct {
	url     string
	ca      string
	version string
	ended   <-chan error
}

// startServer starts it with its defaults but for what the lines below say: defaults are what most clusters admit by.
func startServer(folder, services, storeURL string, keys credentials, shown serving) (*server, error) {
	run := options.NewServerRunOptions()
	flags := pflag.NewFlagSet("apiserver", pflag.ContinueOnError)
	for _, set := range run.Flags().FlagSets {
		flags.AddFlagSet(set)
	}
	err := flags.Parse([]string{
		"--etcd-servers=" + storeURL,
		"--bind-address=127.0.0.1",
		// Else it looks for an address that others could reach, and there may be none.
		"--advertise-address=127.0.0.1",
		"--tls-cert-file=" + shown.certFile,
		"--tls-private-key-file=" + shown.keyFile,
		// Else it announces itself as an endpoint, which it must not by a loopback address.
		"--endpoint-reconciler-type=none",
		"--service-cluster-ip-range=" + services,
		"--token-auth-file=" + keys.tokenFile,
		"--service-account-issuer=https://kubernetes.default.svc",
		"--service-account-key-file=" + keys.accountKeyFile,
		"--service-account-signing-key-file=" + keys.accountKeyFile,
		"--authorization-mode=RBAC",
		// No controller runs that would make the accounts that it waits for.
		"--disable-admission-plugins=ServiceAccount",
		"--profiling=false",
	})
	if err != nil {
		return nil, err
	}
	if err := run.GenericServerRunOptions.ComponentGlobalsRegistry.Set(); err != nil {
		return nil, err
	}
	// The listener is made here, so that nobody takes the port before it is used.
	listener, port, err := listen(filepath.Join(folder, "port"))
	if err != nil {
		return nil, err
	}
	run.SecureServing.Listener, run.SecureServing.BindPort = listener, port

	ctx := context.Background()
	completed, err := run.Complete(ctx)
	if err != nil {
		return nil, err
	}
	if problems := completed.Validate(); len(problems) > 0 {
		return nil, utilerrors.NewAggregate(problems)
	}
	ended := make(chan error, 1)
	go func() { ended <- app.Run(ctx, completed) }()
	return &server{
		url:     fmt.Sprintf("https://127.0.0.1:%d", port),
		ca:      shown.ca,
		version: utilversion.Get().GitVersion,
		ended:   ended,
	}, nil
}

// listen takes whatever port is free, and the same one where the file says which that was.
func listen(portFile string) (net.Listener, int, error) {
	known, err := madeOnce(portFile, func() ([]byte, error) { return []byte("0"), nil })
	if err != nil {
		return nil, 0, err
	}
	listener, port, err := genericoptions.CreateListener("tcp", "127.0.0.1:"+string(known), net.ListenConfig{})
	if err != nil {
		return nil, 0, err
	}
	return listener, port, os.WriteFile(portFile, []byte(strconv.Itoa(port)), 0o600)
}

// untilReady waits until it says that it is ready.
func (s *server) untilReady(token string) error {
	roots := x509.NewCertPool()
	roots.AppendCertsFromPEM([]byte(s.ca))
	client := &http.Client{
		Timeout:   5 * time.Second,
		Transport: &http.Transport{TLSClientConfig: &tls.Config{RootCAs: roots, MinVersion: tls.VersionTLS12}},
	}
	defer client.CloseIdleConnections()
	request, err := http.NewRequest(http.MethodGet, s.url+"/readyz", nil)
	if err != nil {
		return err
	}
	request.Header.Set("Authorization", "Bearer "+token)
	last := errors.New("no answer")
	for limit := time.Now().Add(patience); time.Now().Before(limit); {
		select {
		case err := <-s.ended:
			return errors.Join(errors.New("kube-apiserver ended"), err)
		case <-time.After(50 * time.Millisecond):
		}
		response, err := client.Do(request)
		if err != nil {
			last = err
			continue
		}
		_ = response.Body.Close()
		if response.StatusCode == http.StatusOK {
			return nil
		}
		last = errors.New(response.Status)
	}
	return fmt.Errorf("kube-apiserver is not ready in time: %w", last)
}
