package main

import (
	"encoding/json"
	"fmt"

	"istio.io/api/label"
	meshconfig "istio.io/api/mesh/v1alpha1"
	"istio.io/istio/pilot/pkg/config/kube/crd"
	"istio.io/istio/pilot/pkg/config/memory"
	"istio.io/istio/pilot/pkg/model"
	"istio.io/istio/pkg/cluster"
	"istio.io/istio/pkg/config"

	"istio.io/istio/pkg/config/host"
	"istio.io/istio/pkg/config/mesh"
	"istio.io/istio/pkg/config/mesh/meshwatcher"
	"istio.io/istio/pkg/config/schema/collections"
	"istio.io/istio/pkg/config/schema/resource"
	"istio.io/istio/pkg/kube/krt"
)

// schemaOf is Istio's schema of an object, by kind and version.
func schemaOf(object *crd.IstioKind) (resource.Schema, error) {
	gvk := object.GroupVersionKind()
	schema, found := collections.PilotGatewayAPI().FindByGroupVersionAliasesKind(
		config.FromKubernetesGVK(gvk),
	)
	if !found {
		return nil, fmt.Errorf("%s is no kind of Istio", gvk)
	}
	return schema, nil
}

// configOf reads an object as istiod does.
func configOf(raw json.RawMessage) (*config.Config, error) {
	object := &crd.IstioKind{}
	if err := json.Unmarshal(raw, object); err != nil {
		return nil, err
	}
	schema, err := schemaOf(object)
	if err != nil {
		return nil, err
	}
	return crd.ConvertObject(schema, object, "cluster.local")
}

func meshConfigOf(from Mesh) *meshconfig.MeshConfig {
	settings := mesh.DefaultMeshConfig()
	settings.RootNamespace = from.RootNamespace
	settings.TrustDomain = from.TrustDomain
	settings.TrustDomainAliases = from.Aliases
	return settings
}

// noVirtualServices is shared by all worlds: none of them has any.
var noVirtualServices = func() *model.VirtualServiceController {
	stop := make(chan struct{})
	store := memory.NewController(memory.MakeSkipValidation(collections.PilotGatewayAPI()))
	controller := model.NewVirtualServiceController(
		store,
		model.VSControllerOptions{KrtDebugger: krt.GlobalDebugHandler},
		meshwatcher.NewTestWatcher(mesh.DefaultMeshConfig()),
	)
	go store.Run(stop)
	go controller.Run(stop)
	for !controller.HasSynced() {
	}
	return controller
}()

// noServices is a registry without Services: policies are asked about by workload.
type noServices struct {
	model.ServiceDiscovery
	model.NetworkGatewaysHandler
}

func (noServices) Services() []*model.Service                         { return nil }
func (noServices) GetService(host.Name) *model.Service                { return nil }
func (noServices) NetworkGateways() []model.NetworkGateway            { return nil }
func (noServices) MCSServices() []model.MCSServiceInfo                { return nil }
func (noServices) AppendNetworkGatewayHandler(func())                 {}
func (noServices) IsServiceLocalToCluster(host.Name, cluster.ID) bool { return true }

func environmentOf(request Request) (*model.Environment, error) {
	store, err := storeOf(request.Objects)
	if err != nil {
		return nil, err
	}
	environment := model.NewEnvironment()
	environment.ConfigStore = store
	// Not the watcher for tests: each of those is kept for a debugger until the process ends, and worlds are many.
	environment.Watcher = meshwatcher.ConfigAdapter(
		krt.NewStatic(&meshwatcher.MeshConfigResource{MeshConfig: meshConfigOf(request.Mesh)}, true),
	)
	environment.ServiceDiscovery = noServices{}
	environment.VirtualServiceController = noVirtualServices
	return environment, nil
}

// proxyOf is the proxy of a workload, as istiod knows it once it is connected.
func proxyOf(workload Workload) *model.Proxy {
	labels := workload.Labels
	kind := model.SidecarProxy
	if workload.Waypoint != "" {
		kind = model.Waypoint
		labels = map[string]string{label.IoK8sNetworkingGatewayGatewayName.Name: workload.Waypoint}
		for name, value := range workload.Labels {
			labels[name] = value
		}
	}
	return &model.Proxy{
		ID:              "workload." + workload.Namespace,
		Type:            kind,
		ConfigNamespace: workload.Namespace,
		Labels:          labels,
		Metadata:        &model.NodeMetadata{Namespace: workload.Namespace, Labels: labels},
		IstioVersion:    model.MaxIstioVersion,
	}
}
