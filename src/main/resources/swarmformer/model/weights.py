# The weights of inference.py, by name, as prepare.py makes them: its products, joined where they are of the same input.

class Linear(NamedTuple):
  weight : Tensor
  bias : Tensor

# on_x (2D, D): the MLP's hidden layer and the gate's. on_hidden (2D, D): the update, and what the gate makes of it. The same one
# by one: near (D, D), update (D, D), and both of the gate's, on_both (D, 2D). gate (D, D).
class LocalWeights(NamedTuple):
  on_x : __torch__.Linear
  on_hidden : __torch__.Linear
  near : __torch__.Linear
  update : __torch__.Linear
  on_both : __torch__.Linear
  gate : __torch__.Linear

# on_clusters (2D, D): the update, and what the gate makes of it. on_x (D, D): the gate's half for positions. gate (D, D).
class BroadcastWeights(NamedTuple):
  on_clusters : __torch__.Linear
  on_x : __torch__.Linear
  gate : __torch__.Linear

# attention (3D, D): query, key and value.
class LayerWeights(NamedTuple):
  local : __torch__.LocalWeights
  attention : __torch__.Linear
  broadcast : __torch__.BroadcastWeights

# embedding (V, D), and what the two halves of the first local step's on_x make of it (V, D); classifier (N, D).
class NetworkWeights(NamedTuple):
  embedding : Tensor
  near_of_tokens : Tensor
  gate_of_tokens : Tensor
  layers : List[__torch__.LayerWeights]
  classifier : __torch__.Linear

