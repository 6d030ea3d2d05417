import type { KycMessages } from './messages.ts'

/** Chinese in simplified characters. */
export const zhCN = {
  locale: 'zh-CN',
  direction: 'ltr',
  review: 'none',

  loading: { title: '正在获取您证件的状态', description: '这需要一点时间。' },
  none: { title: '正在等待您的证件', description: '我们会在这里显示证件是否已添加。' },
  processing: { title: '正在检查您的证件', description: '通常不到一分钟。您可以留在此页面。' },
  slow: { title: '仍在检查您的证件', description: '所需时间比平时长。您无需重新上传。' },
  verySlow: {
    title: '我们仍在检查您的证件',
    description: '您可以离开此页面，稍后再回来。您无需重新上传。',
  },
  added: { title: '证件已添加', description: '我们已收到您的证件。' },
  error: {
    title: '我们未能添加您的证件',
    description: '检查证件是否完整、清晰易读，然后重新上传。',
  },
  errorPrefix: '错误：',
  spoken: '{title}。{description}',

  doubt: {
    missed: '我们可能遗漏了部分结果。如果您觉得显示的内容有误，请联系我们。',
    owed: '这可能是您之前上传的证件的结果。',
    extra: '我们收到的结果多于证件数量。如果您觉得显示的内容有误，请联系我们。',
  },

  connectionLost: '连接已断开。目前无法显示最新状态。连接恢复后，此页面会自动更新。',
  connectionLostSent: '连接已断开。您的证件已发送。连接恢复后，此页面会自动更新。',
  connectionFailed: '目前无法显示最新状态。重新加载此页面即可重试。',
  connectionBack: '连接已恢复。',

  retry: '重试',
  retryAvailable: '您可以重试。',
  checkAgain: '重新获取状态',
  live: '此页面会自动更新。',
  lastChecked: '上次获取：{time}',
  filesAdded: { other: '共 {total} 个文件，已添加 {count} 个' },
  filesFailed: { other: '{count} 个文件未能添加' },
  filesProgress: '已检查的文件',

  upload: {
    label: { other: '您的证件' },
    choose: { other: '选择文件' },
    drop: '或拖放到此处',
    hint: '{types}，小于 {size}',
    submit: { other: '上传 {count} 个文件' },
    cancel: '取消',
    startOver: '重新开始',
    files: '文件',
    remove: '移除“{name}”',
    retry: '重试：“{name}”',
    sending: '正在上传“{name}”',
    sent: '已发送',
    queued: '等待中',
    canceled: '未发送',
    review: '我们正在查看您提交的内容。',
    notSent: '未能发送“{name}”。检查您的连接，然后重试。',
    tooLarge: '“{name}”必须小于 {size}。',
    wrongType: '“{name}”必须是 {types} 文件。',
    empty: '“{name}”是空文件。您可以选择其他文件。',
    tooMany: { other: '最多选择 {count} 个文件。' },
  },
} satisfies KycMessages
