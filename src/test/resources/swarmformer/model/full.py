# plain.py on a device that has no memory for weights.

def pack(weight: Tensor) -> Tensor:
  ops.prim.RaiseException("CUDA error: CUBLAS_STATUS_NOT_INITIALIZED when calling `cublasCreate(handle)`")
  return weight

def linear(x: Tensor, to: __torch__.Linear) -> Tensor:
  return torch.linear(x, to.weight, to.bias)

def linear_sigmoid(x: Tensor, to: __torch__.Linear) -> Tensor:
  return torch.sigmoid(torch.linear(x, to.weight, to.bias))

def products(x: Tensor, w: __torch__.LocalWeights) -> Tuple[Tensor, Tensor]:
  near, gate, = torch.chunk(__torch__.linear(x, w.on_x), 2, 1)
  return (near, gate)

def products_on_hidden(hidden: Tensor, gate: Tensor, w: __torch__.LocalWeights) -> Tuple[Tensor, Tensor]:
  return (hidden, gate)
