# The SwarmFormer network with its weights, which have the names of the checkpoint. Behind this text comes the class Layers.
#
# B rows, L = seq_len positions, D = d_model, s = cluster_size, C = L / s clusters, N classes.

class Linear(Module):
  __parameters__ = ["weight", "bias", ]
  __buffers__ = []
  training : bool
  weight : Tensor
  bias : Tensor

  def forward(self: __torch__.Linear, x: Tensor) -> Tensor:
    return torch.linear(x, self.weight, self.bias)

class Embed(Module):
  __parameters__ = ["weight", ]
  __buffers__ = []
  training : bool
  weight : Tensor

  def forward(self: __torch__.Embed, ids: Tensor) -> Tensor:
    return torch.embedding(self.weight, ids)

class Embedding(Module):
  __parameters__ = []
  __buffers__ = []
  training : bool
  embed : __torch__.Embed

  # ids (B, L) -> (B, L, D)
  def forward(self: __torch__.Embedding, ids: Tensor) -> Tensor:
    return (self.embed).forward(ids, )

class Mlp(Module):
  __parameters__ = []
  __buffers__ = []
  training : bool
  __annotations__["0"] = __torch__.Linear
  __annotations__["3"] = __torch__.Linear

  def forward(self: __torch__.Mlp, x: Tensor) -> Tensor:
    return (getattr(self, "3")).forward(torch.gelu((getattr(self, "0")).forward(x, )), )

class Gate(Module):
  __parameters__ = []
  __buffers__ = []
  training : bool
  __annotations__["0"] = __torch__.Linear
  __annotations__["2"] = __torch__.Linear

  # x, update (..., D) -> (..., D)
  def forward(self: __torch__.Gate, x: Tensor, update: Tensor) -> Tensor:
    hidden = torch.gelu((getattr(self, "0")).forward(torch.cat([x, update], -1), ))
    return torch.sigmoid((getattr(self, "2")).forward(hidden, ))

class LocalStep(Module):
  __parameters__ = []
  __buffers__ = []
  training : bool
  mlp : __torch__.Mlp
  gate_net : __torch__.Gate

  # Each position moves towards what an MLP makes of it and its two neighbours on the ring. x (B, L, D) -> (B, L, D)
  def forward(self: __torch__.LocalStep, x: Tensor) -> Tensor:
    near = (torch.roll(x, [1], [1]) + x + torch.roll(x, [-1], [1])) / 3.0
    update = (self.mlp).forward(near, )
    return x + (self.gate_net).forward(x, update, ) * (update - x)

class Attention(Module):
  __parameters__ = []
  __buffers__ = []
  training : bool
  query : __torch__.Linear
  key : __torch__.Linear
  value : __torch__.Linear

  # Among the means of clusters, one head. means (B, C, D) -> (B, C, D)
  def forward(self: __torch__.Attention, means: Tensor) -> Tensor:
    query = (self.query).forward(means, )
    key = (self.key).forward(means, )
    scores = torch.matmul(query, torch.transpose(key, 1, 2)) / torch.sqrt(torch.size(means, 2))  # (B, C, C)
    return torch.matmul(torch.softmax(scores, -1), (self.value).forward(means, ))

class Broadcast(Module):
  __parameters__ = []
  __buffers__ = []
  training : bool
  linear : __torch__.Linear
  gate_net : __torch__.Gate

  # What a cluster gives goes to its positions. x (B, L, D), clusters (B, C, D) -> (B, L, D)
  def forward(self: __torch__.Broadcast, x: Tensor, clusters: Tensor, cluster_size: int) -> Tensor:
    update = torch.repeat_interleave((self.linear).forward(clusters, ), cluster_size, 1)  # (B, L, D)
    return x + (self.gate_net).forward(x, update, ) * update

class Layer(Module):
  __parameters__ = []
  __buffers__ = []
  training : bool
  local_steps : int
  cluster_size : int
  local_agg : __torch__.LocalStep
  global_attn : __torch__.Attention
  broadcast : __torch__.Broadcast

  # x (B, L, D) -> (B, L, D)
  def forward(self: __torch__.Layer, x: Tensor) -> Tensor:
    for _ in range(self.local_steps):
      x = (self.local_agg).forward(x, )
    clusters = torch.unflatten(x, 1, [-1, self.cluster_size])
    means = torch.mean(clusters, [2])  # (B, C, D)
    return (self.broadcast).forward(x, (self.global_attn).forward(means, ), self.cluster_size, )

class SwarmFormer(Module):
  __parameters__ = []
  __buffers__ = []
  training : bool
  seq_len : int
  embedding : __torch__.Embedding
  layers : __torch__.Layers
  classifier : __torch__.Linear

  # ids (B, L), padded with 0 -> logits (B, N)
  def forward(self: __torch__.SwarmFormer, ids: Tensor) -> Tensor:
    if torch.ne(torch.size(ids, 1), self.seq_len):
      ops.prim.RaiseException(torch.format("ids must be padded with 0 to {} columns, they have {}", self.seq_len, torch.size(ids, 1)))
    x = (self.layers).forward((self.embedding).forward(ids, ), )
    return (self.classifier).forward(torch.mean(x, [1]), )
