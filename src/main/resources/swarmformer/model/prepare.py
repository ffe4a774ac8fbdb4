# Joins the weights of a SwarmFormer network for inference.py: fewer products give the same result.
#
# The products are made in float64 and rounded once. D = d_model. Weights are (out, in), as in the checkpoint;
# `pack` is that of onednn.py or plain.py.

# weights are those of the checkpoint in model order: the embedding, 20 for each layer, 2 for the classifier.
# shape is [num_layers, dtype], the dtype a number of PyTorch's: 6 for float32, 15 for bfloat16.

# weights of a local step: mlp.0, mlp.3, gate_net.0, gate_net.2, each weight and bias
def local_step(w: List[Tensor], i: int) -> List[Tensor]:
  d = torch.size(w[i], 0)
  gate_x = torch.slice(w[i + 4], 1, 0, d, 1)
  gate_update = torch.slice(w[i + 4], 1, d, 2 * d, 1)
  # On x: a third of the MLP's first product, to be added up over three neighbours, and the gate's half with all of its bias.
  on_x = torch.cat([w[i] / 3.0, gate_x], 0)  # (2D, D)
  on_x_bias = torch.cat([w[i + 1] / 3.0, w[i + 5] + torch.mv(gate_update, w[i + 3])], 0)
  # On the hidden layer: the update, and what the gate makes of it.
  on_hidden = torch.cat([w[i + 2], torch.matmul(gate_update, w[i + 2])], 0)  # (2D, D)
  on_hidden_bias = torch.cat([w[i + 3], torch.zeros_like(w[i + 3])], 0)
  return [on_x, on_x_bias, on_hidden, on_hidden_bias, w[i + 6], w[i + 7]]

# weights of the attention: query, key, value
def attention(w: List[Tensor], i: int) -> List[Tensor]:
  scale = torch.sqrt(torch.size(w[i], 0))
  on_means = torch.cat([w[i] / scale, w[i + 2], w[i + 4]], 0)  # (3D, D)
  return [on_means, torch.cat([w[i + 1] / scale, w[i + 3], w[i + 5]], 0)]

# weights of the broadcast: linear, gate_net.0, gate_net.2
def broadcast(w: List[Tensor], i: int) -> List[Tensor]:
  d = torch.size(w[i], 0)
  gate_x = torch.slice(w[i + 2], 1, 0, d, 1)
  gate_update = torch.slice(w[i + 2], 1, d, 2 * d, 1)
  # On the clusters: the update, and what the gate makes of it.
  on_clusters = torch.cat([w[i], torch.matmul(gate_update, w[i])], 0)  # (2D, D)
  on_clusters_bias = torch.cat([w[i + 1], torch.mv(gate_update, w[i + 1])], 0)
  return [on_clusters, on_clusters_bias, torch.contiguous(gate_x), w[i + 3], w[i + 4], w[i + 5]]

class SwarmFormer(Module):
  __parameters__ = []
  __buffers__ = []
  training : bool

  # -> the embedding (V, D), the first step's products on it (V, D) each, 14 for each layer, the classifier's 2 as they are
  def forward(self: __torch__.SwarmFormer, weights: List[Tensor], shape: List[int]) -> List[Tensor]:
    w = annotate(List[Tensor], [])
    for weight in weights:
      torch.append(w, torch.to(weight, 7))
    prepared = [w[0], w[0], w[0]]
    for layer in range(shape[0]):
      i = 1 + 20 * layer
      torch.extend(prepared, __torch__.local_step(w, i))
      torch.extend(prepared, __torch__.attention(w, i + 8))
      torch.extend(prepared, __torch__.broadcast(w, i + 14))
    first, second, = torch.chunk(torch.linear(w[0], prepared[3], prepared[4]), 2, 1)
    prepared[1] = first
    prepared[2] = second
    result = annotate(List[Tensor], [])
    for k in range(len(prepared)):
      weight = torch.contiguous(torch.to(prepared[k], shape[1]))
      if k > 2 and torch.dim(weight) == 2:
        weight = __torch__.pack(weight)
      torch.append(result, weight)
    i = 1 + 20 * shape[0]
    # Copies: the given tensors lie in memory of Java, which frees it.
    torch.append(result, torch.clone(weights[i]))
    torch.append(result, torch.clone(weights[i + 1]))
    return result
