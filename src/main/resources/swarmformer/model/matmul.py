# A product of large matrices, for comparison.
class SwarmFormer(Module):
  __parameters__ = []
  __buffers__ = []
  training : bool

  # matrix (M, M) -> one number, float32
  def forward(self: __torch__.SwarmFormer, matrix: Tensor, dtype: int) -> Tensor:
    m = torch.to(matrix, dtype)
    return torch.to(torch.select(torch.select(torch.matmul(m, m), 0, 0), 0, 0), 6)
