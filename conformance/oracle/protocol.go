package main

import "encoding/json"

// Request is one question; which fields it has depends on its kind.
type Request struct {
	ID   int    `json:"id"`
	Kind string `json:"kind"`

	// networkPolicies
	Namespaces      []Namespace       `json:"namespaces"`
	Pods            []Pod             `json:"pods"`
	NetworkPolicies []json.RawMessage `json:"networkPolicies"`
	Calls           []Connection      `json:"calls"`

	// Istio: authorization, mtls, ambient, validate
	Mesh     Mesh              `json:"mesh"`
	Objects  []json.RawMessage `json:"objects"`
	Workload Workload          `json:"workload"`
	Service  *Name             `json:"service"`
	Ports    []uint32          `json:"ports"`
	// ByCertificate has the filters read who calls from the connection's certificate, as a sidecar's do.
	ByCertificate bool `json:"byCertificate"`

	// certificates: SPIFFE ids
	Names []string `json:"names"`

	// waypoints, beside namespaces, and objects that are Gateways
	Services []LabelledName `json:"services"`
}

// LabelledName is a Service as far as the choice of its waypoint goes.
type LabelledName struct {
	Namespace string            `json:"namespace"`
	Name      string            `json:"name"`
	Labels    map[string]string `json:"labels"`
}

// Namespace of Kubernetes.
type Namespace struct {
	Name   string            `json:"name"`
	Labels map[string]string `json:"labels"`
}

// Pod as network policies see it.
type Pod struct {
	Namespace string            `json:"namespace"`
	Name      string            `json:"name"`
	Labels    map[string]string `json:"labels"`
	IP        string            `json:"ip"`
	Ports     []PodPort         `json:"ports"`
}

// PodPort is a container port.
type PodPort struct {
	Name     string `json:"name"`
	Port     int32  `json:"port"`
	Protocol string `json:"protocol"`
}

// Connection is asked about by address: one that no pod has is outside.
type Connection struct {
	From     string `json:"from"`
	To       string `json:"to"`
	Port     int    `json:"port"`
	Protocol string `json:"protocol"`
}

// Mesh is what the mesh configuration says.
type Mesh struct {
	RootNamespace string   `json:"rootNamespace"`
	TrustDomain   string   `json:"trustDomain"`
	Aliases       []string `json:"aliases"`
}

// Name of a namespaced object.
type Name struct {
	Namespace string `json:"namespace"`
	Name      string `json:"name"`
}

// Workload whose proxy enforces; a waypoint is one with its Gateway's name.
type Workload struct {
	Namespace string            `json:"namespace"`
	Labels    map[string]string `json:"labels"`
	Waypoint  string            `json:"waypoint"`
}

// Answer to a request, with its id.
type Answer struct {
	ID    int    `json:"id"`
	Error string `json:"error,omitempty"`

	// networkPolicies: for every call, whether the caller's egress and the provider's ingress let it pass.
	Verdicts [][2]bool `json:"verdicts,omitempty"`
	// authorization: filters of Envoy, in their order.
	HTTP []json.RawMessage `json:"http,omitempty"`
	TCP  []json.RawMessage `json:"tcp,omitempty"`
	// mtls: the effective mode of each port.
	Modes []string `json:"modes,omitempty"`
	// ambient: the policies that ztunnel has for the workload.
	Policies []json.RawMessage `json:"policies,omitempty"`
	// validate: what is wrong with each object; empty for one that is taken.
	Problems []string `json:"problems,omitempty"`
	// certificates: one for each name, and whom to trust.
	Certificates []Certificate `json:"certificates,omitempty"`
	Authority    string        `json:"authority,omitempty"`
	// waypoints: of each Service as namespace/name, empty for one that has none.
	Waypoints []string `json:"waypoints,omitempty"`
}
