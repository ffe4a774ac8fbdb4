# Joins the weights of a checkpoint for inference.py: fewer products give the same result.
#
# The products are made in float64 and rounded once. D = d_model. Weights are (out, in), as in the checkpoint;
# `pack` is that of onednn.py or plain.py.

# weights are those of the checkpoint by their names
def named(weights: Dict[str, Tensor], name: str) -> __torch__.Linear:
  return __torch__.Linear(torch.to(weights[name + ".weight"], 7), torch.to(weights[name + ".bias"], 7))

# of a gate's first map (D, 2D) the halves (D, D): what it reads of a position, and of the update
def halves(gate: __torch__.Linear) -> Tuple[Tensor, Tensor]:
  d = torch.size(gate.weight, 0)
  return (torch.contiguous(torch.slice(gate.weight, 1, 0, d, 1)), torch.slice(gate.weight, 1, d, 2 * d, 1))

def local(w: Dict[str, Tensor], name: str) -> __torch__.LocalWeights:
  hidden = __torch__.named(w, name + "mlp.0")
  update = __torch__.named(w, name + "mlp.3")
  gate = __torch__.named(w, name + "gate_net.0")
  gate_x, gate_update, = __torch__.halves(gate)
  # On x: a third of the MLP's first product, to be added up over three neighbours, and the gate's half with all of its bias.
  on_x = torch.cat([hidden.weight / 3.0, gate_x], 0)  # (2D, D)
  gate_bias = gate.bias + torch.mv(gate_update, update.bias)
  on_x_bias = torch.cat([hidden.bias / 3.0, gate_bias], 0)
  # On the hidden layer: the update, and what the gate makes of it.
  on_hidden = torch.cat([update.weight, torch.matmul(gate_update, update.weight)], 0)  # (2D, D)
  on_hidden_bias = torch.cat([update.bias, torch.zeros_like(update.bias)], 0)
  # On both side by side.
  on_both = torch.cat([gate_x, torch.matmul(gate_update, update.weight)], 1)  # (D, 2D)
  return __torch__.LocalWeights(
      __torch__.Linear(on_x, on_x_bias), __torch__.Linear(on_hidden, on_hidden_bias),
      __torch__.Linear(hidden.weight / 3.0, hidden.bias), update, __torch__.Linear(on_both, gate_bias), __torch__.named(w, name + "gate_net.2"))

def attention(w: Dict[str, Tensor], name: str) -> __torch__.Linear:
  query = __torch__.named(w, name + "query")
  key = __torch__.named(w, name + "key")
  value = __torch__.named(w, name + "value")
  scale = torch.sqrt(torch.size(query.weight, 0))
  weight = torch.cat([query.weight / scale, key.weight, value.weight], 0)  # (3D, D)
  return __torch__.Linear(weight, torch.cat([query.bias / scale, key.bias, value.bias], 0))

def broadcast(w: Dict[str, Tensor], name: str) -> __torch__.BroadcastWeights:
  update = __torch__.named(w, name + "linear")
  gate = __torch__.named(w, name + "gate_net.0")
  gate_x, gate_update, = __torch__.halves(gate)
  # On the clusters: the update, and what the gate makes of it.
  on_clusters = torch.cat([update.weight, torch.matmul(gate_update, update.weight)], 0)  # (2D, D)
  on_clusters_bias = torch.cat([update.bias, torch.mv(gate_update, update.bias)], 0)
  return __torch__.BroadcastWeights(__torch__.Linear(on_clusters, on_clusters_bias), __torch__.Linear(gate_x, gate.bias), __torch__.named(w, name + "gate_net.2"))

def packed(joined: __torch__.Linear, dtype: int) -> __torch__.Linear:
  weight = __torch__.pack(torch.contiguous(torch.to(joined.weight, dtype)))
  return __torch__.Linear(weight, torch.contiguous(torch.to(joined.bias, dtype)))

class SwarmFormer(Module):
  __parameters__ = []
  __buffers__ = []
  training : bool

  # dtype, a number of PyTorch's: 6 for float32, 15 for bfloat16
  def forward(self: __torch__.SwarmFormer, weights: Dict[str, Tensor], num_layers: int, dtype: int) -> __torch__.NetworkWeights:
    embedding = torch.to(weights["embedding.embed.weight"], 7)
    first = __torch__.local(weights, "layers.0.local_agg.").on_x
    near, gate, = torch.chunk(torch.linear(embedding, first.weight, first.bias), 2, 1)
    layers = annotate(List[__torch__.LayerWeights], [])
    for layer in range(num_layers):
      name = torch.format("layers.{}.", layer)
      local = __torch__.local(weights, name + "local_agg.")
      attention = __torch__.attention(weights, name + "global_attn.")
      broadcast = __torch__.broadcast(weights, name + "broadcast.")
      torch.append(layers, __torch__.LayerWeights(
          __torch__.LocalWeights(
              __torch__.packed(local.on_x, dtype), __torch__.packed(local.on_hidden, dtype), __torch__.packed(local.near, dtype),
              __torch__.packed(local.update, dtype), __torch__.packed(local.on_both, dtype), __torch__.packed(local.gate, dtype)),
          __torch__.packed(attention, dtype),
          __torch__.BroadcastWeights(__torch__.packed(broadcast.on_clusters, dtype), __torch__.packed(broadcast.on_x, dtype), __torch__.packed(broadcast.gate, dtype))))
    # Copies: the given tensors lie in memory of Java, which frees it.
    classifier = __torch__.Linear(torch.clone(weights["classifier.weight"]), torch.clone(weights["classifier.bias"]))
    return __torch__.NetworkWeights(
        torch.contiguous(torch.to(embedding, dtype)), torch.contiguous(torch.to(near, dtype)), torch.contiguous(torch.to(gate, dtype)), layers, classifier)
